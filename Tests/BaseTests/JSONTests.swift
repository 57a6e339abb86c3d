import Base
import TestKit
import Testing

/// RFC 8259.
@Suite struct JSONTests {
  private func read(_ text: String) throws -> JSON { try JSON(parsing: text) }

  @Test func `the first sample of the RFC is read`() throws {
    let json = try read(
      """
      {
        "Image": {
            "Width":  800,
            "Height": 600,
            "Title":  "View from 15th Floor",
            "Thumbnail": {
                "Url":    "http://www.example.com/image/481989943",
                "Height": 125,
                "Width":  100
            },
            "Animated" : false,
            "IDs": [116, 943, 234, 38793]
          }
      }
      """)
    let image = try #require(json["Image"])
    #expect(image["Width"] == .int(800))
    #expect(image["Title"]?.string == "View from 15th Floor")
    #expect(image["Thumbnail"]?["Url"]?.string == "http://www.example.com/image/481989943")
    #expect(image["Animated"] == .bool(false))
    #expect(image["IDs"]?.array?.compactMap(\.int) == [116, 943, 234, 38_793])
    #expect(image["Depth"] == nil)
  }

  @Test func `the second sample of the RFC is read`() throws {
    let json = try read(
      """
      [
        { "precision": "zip", "Latitude":  37.7668, "Longitude": -122.3959, "City": "SAN FRANCISCO", "Zip": "94107" },
        { "precision": "zip", "Latitude":  37.371991, "Longitude": -122.026020, "City": "SUNNYVALE", "Zip": "94085" }
      ]
      """)
    #expect(json.array?.count == 2)
    #expect(json.array?.last?["Longitude"] == .double(-122.02602))
    #expect(json.array?.first?["City"]?.string == "SAN FRANCISCO")
  }

  @Test func `a single value is a document`() throws {
    #expect(try read("\"Hello world!\"") == .string("Hello world!"))
    #expect(try read(" 42\n") == .int(42))
    #expect(try read("true") == .bool(true))
    #expect(try read("\t\r\nnull ") == .null)
    #expect(try read("[]") == .array([]))
    #expect(try read("{ }") == .object([JSON.Member]()))
  }

  @Test(arguments: [
    ("0", JSON.int(0)), ("-0", .int(0)), ("-1", .int(-1)), ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
    ("9223372036854775808", .double(9223372036854775808)), ("1.5", .double(1.5)), ("1e3", .double(1000)), ("1E+3", .double(1000)),
    ("-1.25e-2", .double(-0.0125)), ("0.0", .double(0)), ("0e1", .double(0)),
  ])
  func `a number is read`(text: String, value: JSON) throws { #expect(try read(text) == value) }

  @Test(arguments: [
    ("+1", 0), ("01", 0), ("-01", 0), ("-", 0), (".5", 0), ("1.", 0), ("1.e1", 0), ("1e", 0), ("1e+", 0), ("1.2.3", 3), ("--1", 0),
    ("1-1", 1),
    ("0x10", 1), ("Infinity", 0), ("NaN", 0), ("1e999", 0), ("[1, 2.]", 4),
  ])
  func `a malformed number is refused`(text: String, offset: Int) {
    let error = #expect(throws: JSONError.self) { try read(text) }
    #expect(error?.offset == offset, "\(error?.reason ?? "")")
  }

  @Test func `escapes are read`() throws {
    #expect(try read(#""\"\\\/\b\f\n\r\t""#) == .string("\"\\/\u{8}\u{C}\n\r\t"))
    #expect(try read(#""\u0041\u00e9\u20AC""#) == .string("Aé€"))
    #expect(try read(#""\uD834\uDD1E""#) == .string("𝄞"))
    #expect(try read(#""\u0000""#) == .string("\0"))
    #expect(try read("\"é€𝄞\"") == .string("é€𝄞"))
  }

  @Test func `a duplicate name is kept twice, the first counts`() throws {
    let json = try read(#"{"a": 1, "a": 2}"#)
    #expect(json["a"] == .int(1))
    #expect(json.text == #"{"a":1,"a":2}"#)
  }

  @Test(arguments: [
    ("", "expected a value", 0), ("  ", "expected a value", 2), ("[1,]", "expected a value", 3),
    ("[1 2]", "expected “,” or “]”", 3),
    ("[1", "expected “,” or “]”", 2), ("[", "expected a value", 1), ("]", "expected a value", 0),
    ("{", "expected a member name", 1),
    ("{a: 1}", "expected a member name", 1), (#"{"a" 1}"#, "expected “:”", 5), (#"{"a": 1,}"#, "expected a member name", 8),
    (#"{"a": 1 "b": 2}"#, "expected “,” or “}”", 8), ("{1: 2}", "expected a member name", 1),
    ("1 2", "unexpected text after the value", 2),
    ("null,", "unexpected text after the value", 4), ("nul", "expected a value", 0), ("True", "expected a value", 0),
    ("'a'", "expected a value", 0),
    ("// x\n1", "expected a value", 0), ("\"abc", "unterminated string", 4), ("\"abc\\", "unterminated string", 5),
    ("\"a\nb\"", "control character in a string", 2), ("\"a\u{1}\"", "control character in a string", 2),
    (#""\x""#, "unknown escape", 1), (#""\u12""#, "malformed \\u escape", 3), (#""\u12G4""#, "malformed \\u escape", 3),
    (#""\u+123""#, "malformed \\u escape", 3), (#""\uD834""#, "unpaired surrogate", 1), (#""\uD834\n""#, "unpaired surrogate", 1),
    (#""\uD834\u0041""#, "unpaired surrogate", 1), (#""\uDD1E""#, "unpaired surrogate", 1), ("\u{FEFF}1", "expected a value", 0),
    ("[1,\u{A0}2]", "expected a value", 3),
  ])
  func `errors have a position`(text: String, reason: String, offset: Int) {
    let error = #expect(throws: JSONError.self) { try read(text) }
    #expect(error?.reason == reason)
    #expect(error?.offset == offset)
  }

  @Test func `sixty-four levels are read and one more is refused`() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(try read(nested(64)).text == nested(64))
    let error = #expect(throws: JSONError.self) { try read(nested(65)) }
    #expect(error?.reason == "nested too deeply")
    #expect(error?.offset == 64)
    #expect(throws: JSONError.self) { try read(String(repeating: "[", count: 1_000_000)) }
    #expect(throws: JSONError.self) { try read(String(repeating: #"{"a":"#, count: 200_000)) }
  }

  @Test func `written text is safe in HTML and JavaScript`() {
    let json = JSON.object(["a<": .string("</script>&\u{2028}\u{2029}\"\\\n\r\t\u{1}\u{7F}é")])
    #expect(json.text == #"{"a\u003c":"\u003c/script\u003e\u0026\u2028\u2029\"\\\n\r\t\u0001\u007fé"}"#)
  }

  @Test func `a number that JSON can't express is null`() {
    #expect(JSON.array([.double(.infinity), .double(.nan), .double(-0.5)]).text == "[null,null,-0.5]")
  }

  // MARK: Fuzz, with fixed seeds

  private func value(_ random: inout SplitMix, depth: Int = 0) -> JSON {
    switch random.below(depth > 5 ? 5 : 7) {
    case 0: .null
    case 1: .bool(random.below(2) == 0)
    case 2: .int(random.below(3) == 0 ? Int(truncatingIfNeeded: random.next()) : random.below(1_000) - 500)
    case 3: .double(Double(bitPattern: random.next()))
    case 4: .string(text(&random))
    case 5: .array((0..<random.below(4)).map { _ in value(&random, depth: depth + 1) })
    default: .object((0..<random.below(4)).map { _ in JSON.Member(name: text(&random), value: value(&random, depth: depth + 1)) })
    }
  }

  private func text(_ random: inout SplitMix) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<random.below(8) {
      let bound = [0x80, 0x800, 0x3000, 0x11_0000][random.below(4)]
      if let scalar = Unicode.Scalar(UInt32(random.below(bound))) { text.append(scalar) }
    }
    return String(text)
  }

  /// The value after a round trip: NaN and infinity are null, whole doubles stay doubles.
  private func written(_ json: JSON) -> JSON {
    switch json {
    case .double(let x) where !x.isFinite: .null
    case .array(let items): .array(items.map(written))
    case .object(let members): .object(members.map { JSON.Member(name: $0.name, value: written($0.value)) })
    default: json
    }
  }

  @Test func `values survive a round trip`() throws {
    var random = SplitMix(seed: 0x150_0001)
    for _ in 0..<3_000 {
      let json = value(&random)
      #expect(try read(json.text) == written(json), "\(json.text)")
    }
  }

  @Test func `mutated text is read or refused with a position inside it`() {
    var random = SplitMix(seed: 0x150_0002)
    let telling = Array(#"{}[]",:\u0123eE+-. ntf"#.utf8)
    for _ in 0..<10_000 {
      var bytes = Array(value(&random).text.utf8)
      for _ in 0...random.below(4) {
        let place = random.below(bytes.count + 1)
        if random.below(2) == 0 || place == bytes.count {
          bytes.insert(telling[random.below(telling.count)], at: place)
        } else {
          bytes.remove(at: place)
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      do {
        let json = try read(text)
        #expect(try read(json.text) == written(json), "\(text)")
      } catch let error as JSONError {
        #expect((0...text.utf8.count).contains(error.offset), "\(text)")
      } catch {
        Issue.record("\(error)")
      }
    }
  }
}
