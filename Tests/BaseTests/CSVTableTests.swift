import Base
import Foundation
import TestKit
import Testing

/// Tables of any delimiter and encoding.
struct CSVTableTests {
  private func rows(_ bytes: [UInt8], _ encoding: TextEncoding? = nil) throws -> [[String]] {
    var table = try CSVTable(bytes: bytes, encoding: encoding)
    var rows = [table.heading]
    while let row = try table.next() { rows.append(row.fields) }
    return rows
  }

  private func utf16(_ text: String, bigEndian: Bool, mark: Bool) -> [UInt8] {
    ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap {
      bigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)]
    }
  }

  @Test(arguments: [",", ";", "\t"])
  func `the separator is that of the heading`(separator: String) throws {
    let text = ["id", "name, or; what", "city"].map { "\"\($0)\"" }.joined(separator: separator) + "\r\n1\(separator)a\(separator)b\r\n"
    #expect(try rows(Array(text.utf8)) == [["id", "name, or; what", "city"], ["1", "a", "b"]])
    #expect(try rows(Array("sep=\(separator)\r\nid\(separator)b\r\n1\(separator)2".utf8)) == [["id", "b"], ["1", "2"]])
  }

  @Test func `a first line can name any separator, and a heading can do without`() throws {
    #expect(try rows(Array("sep=|\nid|a,b\n1|2\n".utf8)) == [["id", "a,b"], ["1", "2"]])
    #expect(try rows(Array("\u{FEFF}sep=;\rid;b\r1;2\r".utf8)) == [["id", "b"], ["1", "2"]])
    #expect(try rows(Array("id\n1\n".utf8)) == [["id"], ["1"]])
    #expect(try rows(Array("\n\nid;b\n1;2\n".utf8)) == [["id", "b"], ["1", "2"]])
  }

  @Test func `extra empty fields at the end are skipped, and others are not`() throws {
    #expect(
      try rows(Array("id,name,,\n1,a,,\n2,b\n3\n4,c,,,\n".utf8)) == [["id", "name"], ["1", "a"], ["2", "b"], ["3", ""], ["4", "c"]])
    #expect(throws: CSVError(line: 2, reason: .fieldCount(3, heading: 2))) { try rows(Array("id,name\n1,a,b\n".utf8)) }
    #expect(throws: CSVError(line: 2, reason: .fieldCount(1, heading: 3))) { try rows(Array("id,name,city\n1\n".utf8)) }
  }

  private static let greek = "id;όνομα;πόλη\n1;Ελένη Παπαδοπούλου;Θεσσαλονίκη\n2;Ωραία Ά;Ύδρα\n"
  private static let latin = "id;name;city\n1;Müller, Jörg;Köln\n2;Françoise Béranger;Orléans\n3;Ægir Ångström;Malmö\n"

  @Test(arguments: [("windows-1253", greek), ("windows-1252", latin), ("utf-8", greek), ("utf-8", latin + greek)])
  func `the encoding is detected`(name: String, text: String) throws {
    let encoding = try #require(TextEncoding(named: name))
    let cfEncoding: String.Encoding = name == "utf-8" ? .utf8 : name == "windows-1252" ? .windowsCP1252 : .windowsCP1253
    let bytes = [UInt8](try #require(text.data(using: cfEncoding)))
    let expected = text.split(separator: "\n").map { $0.split(separator: ";").map(String.init) }
    #expect(try CSVTable(bytes: bytes).encoding == encoding)
    #expect(try rows(bytes) == expected)
  }

  @Test(arguments: [true, false], [true, false])
  func `UTF-16 is read with and without a byte order mark`(bigEndian: Bool, mark: Bool) throws {
    let text = "id;name\n1;Ελένη 😀\n2;Ann Archer\n"
    #expect(try rows(utf16(text, bigEndian: bigEndian, mark: mark)) == [["id", "name"], ["1", "Ελένη 😀"], ["2", "Ann Archer"]])
  }

  @Test func `the encoding can be given, and invalid text is reported`() throws {
    let bytes = Array("id,a\n1,".utf8) + [0xE1, 0x0A]
    #expect(try rows(bytes, .windows1252) == [["id", "a"], ["1", "á"]])
    #expect(try rows(bytes, .windows1253) == [["id", "a"], ["1", "α"]])
    #expect(throws: CSVError(line: 2, reason: .invalidUTF8(field: 2))) { try rows(bytes, .utf8) }
    #expect(throws: CSVError(line: 2, reason: .invalidUTF8(field: 2))) { try rows(Array("id,a\n1,".utf8) + [0xD2], .windows1253) }
    #expect(throws: CSVError(line: 2, reason: .invalidUTF8(field: 1))) {
      try rows(utf16("id\n1", bigEndian: false, mark: true) + [0x00, 0xD8])
    }
  }

  @Test func `Windows encodings are decoded as the platform does`() throws {
    for (encoding, platform) in [(TextEncoding.windows1252, String.Encoding.windowsCP1252), (.windows1253, .windowsCP1253)] {
      for byte in UInt8(0x80)...0xFF {
        guard let known = String(data: Data([byte]), encoding: platform), known.unicodeScalars.first?.properties.generalCategory != .control
        else {
          continue
        }
        // Some platforms map bytes that the encoding leaves undefined.
        guard let read = try? rows([0x61, byte, 0x0A], encoding) else { continue }
        #expect(read == [["a" + known]], "\(encoding) \(byte)")
      }
      #expect((UInt8(0x80)...0xFF).count { (try? rows([0x61, $0], encoding)) == nil } == (encoding == .windows1252 ? 5 : 17))
    }
  }

  @Test func `a guard against formulas removed exactly as it was added`() {
    let alphabet = ["'", "=", "+", "-", "@", "1", "a", " ", ";", "\t", "＝", "\u{200B}"]
    var random = SplitMix(seed: 0xC5_0003)
    for _ in 0..<5_000 {
      let field = random.items(random.below(6), of: alphabet).joined()
      var bytes: [UInt8] = []
      CSVWriter.append(["x", field], to: &bytes, guardFormulas: true)
      var reader = CSVReader(bytes: bytes)
      let read = try? reader.next()?.fields.last
      #expect(read.map(CSVWriter.unguarded) == field)
    }
  }

  @Test func `random bytes in any encoding terminate, and a file gives the same as its bytes`() throws {
    let alphabet: [UInt8] = Array("abc,;\t\"\"\n\n\r\0sep=".utf8) + [0xC3, 0xA9, 0xFF, 0xFE, 0xEF, 0xBB, 0xBF, 0xD8, 0xDC]
    var random = SplitMix(seed: 0xC5_0004)
    let path = NSTemporaryDirectory() + "roost-\(UUID()).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func report(_ table: CSVTable) -> [String] {
      var (table, report) = (table, ["\(table.heading) \(table.encoding)"])
      while report.count < 100 {
        do throws(CSVError) {
          guard let row = try table.next() else { break }
          report.append("\(row.line):\(row.fields)")
        } catch { report.append("!\(error)") }
      }
      return report
    }
    for round in 0..<2_000 {
      let bytes = random.items(random.below(61), of: alphabet)
      let encoding = round % 6 < 5 ? TextEncoding.allCases[round % 6] : nil
      guard let table = try? CSVTable(bytes: bytes, encoding: encoding) else { continue }
      let told = report(table)
      #expect(told.count < 100)
      if round % 20 == 0 {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        #expect(report(try CSVTable(path: path, encoding: encoding)) == told)
      }
    }
  }
}
