import Base
import Foundation
import TestKit
import Testing

struct CSVReaderTests {
  private func rows(_ text: String, delimiter: Character = ",") throws -> [[String]] {
    var reader = CSVReader(bytes: Array(text.utf8), delimiter: delimiter)
    var rows: [[String]] = []
    while let row = try reader.next() { rows.append(row.fields) }
    return rows
  }

  /// Rows and errors as the importer gets them, `!` before an error's line and reason.
  private func report(_ bytes: [UInt8]) -> [String] {
    var reader = CSVReader(bytes: bytes)
    var report: [String] = []
    while true {
      do {
        guard let row = try reader.next() else { return report }
        report.append("\(row.line):" + row.fields.joined(separator: "|"))
      } catch {
        report.append("!\(error.line):\(error.reason)")
      }
    }
  }

  @Test(arguments: [
    ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]), ("a,b\r\nc,d", [["a", "b"], ["c", "d"]]), ("a\rb\r", [["a"], ["b"]]),
    ("\u{FEFF}a,b\n", [["a", "b"]]), ("\"a,b\",\"c\"\"d\"\n", [["a,b", "c\"d"]]), ("\"two\r\nlines\",x\n", [["two\r\nlines", "x"]]),
    ("a,,\n", [["a", "", ""]]), (",", [["", ""]]), ("\"\"\n", [[""]]), ("\n\r\n\na\n\n", [["a"]]), ("", []), ("\n", []),
    ("5\" disk,x\n", [["5\" disk", "x"]]), (" a , \"b\"\n", [[" a ", " \"b\""]]), ("\"\"\"\"", [["\""]]), ("\"a\"", [["a"]]),
    ("\"\",\"\"\r", [["", ""]]), ("Ελένη,\"Ά\"\n", [["Ελένη", "Ά"]]), ("\"\"\"\"\"\"", [["\"\""]]),
  ])
  func `the grammar of RFC 4180, read leniently`(text: String, expected: [[String]]) throws {
    #expect(try rows(text) == expected)
  }

  @Test func `another separator`() throws {
    #expect(try rows("a;b,c;\"d;e\"\n", delimiter: ";") == [["a", "b,c", "d;e"]])
  }

  @Test func `rows know the line on which they start`() {
    #expect(report(Array("a\n\n\"b\nb\"\nc\r\n\"d\r\nd\",e\r\nf".utf8)) == ["1:a", "3:b\nb", "5:c", "6:d\r\nd|e", "8:f"])
  }

  @Test func `bad rows are reported, and reading continues after them`() {
    #expect(report(Array("a\n\"b\"x,\"y\nc\n".utf8)) == ["1:a", "!2:textAfterQuote(field: 1)", "3:c"])
    #expect(report(Array("a,b\nc,\"d\ne,f\ng,h\n".utf8)) == ["1:a|b", "!2:unterminatedQuote(field: 2)", "3:e|f", "4:g|h"])
    #expect(report(Array("a\nb,c\0d\ne\n".utf8)) == ["1:a", "!2:nulByte(field: 2)", "3:e"])
    #expect(report([0x61, 0x0A, 0x62, 0x2C, 0xFF, 0x0A, 0x63]) == ["1:a", "!2:invalidUTF8(field: 2)", "3:c"])
    #expect(report(Array("\"a\nb\"\0c\nd".utf8)) == ["!1:textAfterQuote(field: 1)", "3:d"])
    #expect(report(Array("x\n\"".utf8)) == ["1:x", "!2:unterminatedQuote(field: 1)"])
  }

  @Test func `a row over one mebibyte is skipped`() {
    let long = [UInt8](repeating: 0x61, count: CSVReader.rowLimit + 1)
    #expect(report(long + Array("\nb\n".utf8)) == ["!1:rowTooLong", "2:b"])
    #expect(report(Array("\"".utf8) + long + Array("\n\"\nb\n".utf8)).first == "!1:rowTooLong")
    let longest = [UInt8](repeating: 0x61, count: CSVReader.rowLimit)
    #expect(report(longest + Array("\nb\n".utf8)).last == "2:b")
    #expect(report(longest + Array("\nb\n".utf8)).count == 2)
  }

  @Test func `errors say what to do`() {
    #expect(
      CSVError(line: 3, reason: .unterminatedQuote(field: 2)).description
        == "line 3: field 2 has an opening quote without a closing one; close it, or double the quotes inside the field")
  }

  @Test func `a missing file is an error that names it`() {
    #expect(throws: CSVError(line: 0, reason: .unreadable("/nowhere/x.csv: No such file or directory"))) {
      try CSVReader(path: "/nowhere/x.csv")
    }
  }

  @Test func `a folder can't be read`() {
    #expect(throws: CSVError.self) { try CSVReader(path: "/tmp") }
  }

  @Test func `a file gives the same rows as its bytes, wherever its chunks end`() throws {
    // Rows with line ends and quotes in all positions, some of them around 1 MiB, so that chunk boundaries fall
    // everywhere.
    var bytes: [UInt8] = []
    var expected: [[String]] = []
    for index in 0..<40_000 {
      let row = ["\(index)", String(repeating: "x", count: index % 97), index % 3 == 0 ? "a\r\n\"b\"" : "Ελένη"]
      expected.append(row)
      CSVWriter.append(row, to: &bytes)
    }
    let big = String(repeating: "\"\n", count: CSVReader.rowLimit / 4)
    expected.append([big])
    CSVWriter.append([big], to: &bytes)
    let path = NSTemporaryDirectory() + "roost-\(UUID()).csv"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }

    var reader = try CSVReader(path: path)
    var count = 0
    while let row = try reader.next() {
      #expect(row.fields == expected[count])
      count += 1
    }
    #expect(count == expected.count)
  }

  @Test func `a file and its bytes give the same result, errors included`() throws {
    let alphabet: [UInt8] = Array("ab,,\"\"\n\r;é\0".utf8) + [0xFF]
    var random = SplitMix(seed: 0xC5_0001)
    for size in [0, 1, 2, 3, 50, 2000] {
      let bytes = random.items(size, of: alphabet)
      let path = NSTemporaryDirectory() + "roost-\(UUID()).csv"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      defer { try? FileManager.default.removeItem(atPath: path) }
      var reader = try CSVReader(path: path)
      var report: [String] = []
      while true {
        do {
          guard let row = try reader.next() else { break }
          report.append("\(row.line):" + row.fields.joined(separator: "|"))
        } catch {
          report.append("!\(error.line):\(error.reason)")
        }
      }
      #expect(report == self.report(bytes))
    }
  }

  @Test func `random bytes never crash it and always terminate`() {
    let alphabet: [UInt8] = Array("abc,,\"\"\"\n\n\r\0".utf8) + [0xC3, 0xA9, 0xFF, 0xEF, 0xBB, 0xBF]
    var random = SplitMix(seed: 0xC5_0002)
    for _ in 0..<5000 {
      let bytes = random.items(random.below(61), of: alphabet)
      let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
      #expect(report(bytes).count <= lines, "\(bytes)")
    }
  }
}

struct CSVWriterTests {
  private func line(_ fields: [String], guardFormulas: Bool = false) -> String {
    var bytes: [UInt8] = []
    CSVWriter.append(fields, to: &bytes, guardFormulas: guardFormulas)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `quotes are used only where they are needed`() {
    #expect(
      line(["plain", "with, comma", "say \"hi\"", "two\nlines", "", " edge "])
        == "plain,\"with, comma\",\"say \"\"hi\"\"\",\"two\nlines\",, edge \r\n")
  }

  @Test(arguments: [
    "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+A1", "\tx", "\rx", "+", "-", "=", "+30x",
    "＝1+1", "＋A1", "－A1", "＠SUM(A1)", " =1+1", "\u{00A0}=1", "\t=1", "\u{3000}＝1", ";=1+1", " ; @x", "\u{200B}=1", "\u{2060}-A1", "\n=1",
    " +30x",
  ])
  func `what a spreadsheet would run is guarded`(field: String) {
    #expect(line([field], guardFormulas: true).contains("'" + field))
    #expect(!line([field]).contains("'" + field))
  }

  @Test(arguments: [
    "+30 210 123 45 67", "-12.50", "+1 (555) 010-9999", "-1,234", "a=b", "name@example.com", "", "1-2", " +30 210", "a ＝ b", " ", "- 1",
  ])
  func `numbers and telephone numbers are left alone`(field: String) {
    #expect(line([field], guardFormulas: true) == line([field]))
  }

  @Test func `a semicolon starts no field of its own`() {
    #expect(line(["a;=1+1", "a\t=1"]) == "\"a;=1+1\",\"a\t=1\"\r\n")
  }

  @Test func `what is written reads back the same`() throws {
    let alphabet = Array("ab ,\"\n\r;'=é漢\u{FEFF}\t")
    var random = SplitMix(seed: 0xC5_0003)
    for _ in 0..<2000 {
      let rows = (0...random.below(4)).map { _ in
        (0...random.below(4)).map { _ in String(random.items(random.below(6), of: alphabet)) }
      }
      var bytes: [UInt8] = []
      for row in rows { CSVWriter.append(row, to: &bytes) }
      var reader = CSVReader(bytes: bytes)
      var back: [[String]] = []
      while let row = try reader.next() { back.append(row.fields) }
      #expect(back == rows)
    }
  }
}
