import Base
import TestKit
import Testing
import Web

struct FormDecoderTests {
  /// `name=value` lines, or `!` and the reason.
  private func decoded(_ text: String, limits: FormLimits = .urlencoded) -> String { decoded(Array(text.utf8), limits: limits) }

  private func decoded(_ bytes: [UInt8], limits: FormLimits = .urlencoded) -> String {
    do {
      return try FormDecoder.urlencoded(bytes, limits: limits).fields.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
    } catch {
      return "!\(error.description)"
    }
  }

  @Test(arguments: [
    ("", ""), ("a=1", "a=1"), ("a=1&b=2&a=3", "a=1|b=2|a=3"), ("a", "a="), ("a=", "a="), ("=1", "=1"), ("&&a=1&", "a=1"),
    ("a=b=c", "a=b=c"),
    ("a+b=c+d%2B", "a b=c d+"), ("%61%5B%5d=%26%3D%25", "a[]=&=%"), ("n=%CE%95%CE%BB%CE%AD%CE%BD%CE%B7", "n=Ελένη"), ("n=Ελένη", "n=Ελένη"),
    ("t=one%0D%0Atwo%0D%0A", "t=one\ntwo\n"), ("t=a%0Db%0Ac%0D", "t=a\rb\nc\r"),
  ])
  func `fields come in order, decoded`(text: String, expected: String) {
    #expect(decoded(text) == expected)
  }

  @Test func `a lone carriage return before a CRLF is kept`() throws {
    let value = try FormDecoder.urlencoded(Array("t=%0D%0D%0A".utf8))["t"] ?? ""
    #expect(Array(value.utf8) == [13, 10])
  }

  @Test(arguments: [
    ("a=%", "!invalid % escape, in the field “a”"), ("a=1&b=%4", "!invalid % escape, in the field “b”"),
    ("a=%zz", "!invalid % escape, in the field “a”"), ("%=1", "!invalid % escape"),
    ("a=%+1", "!invalid % escape, in the field “a”"), ("a=%00", "!the text contains a NUL character, in the field “a”"),
    ("a%00=1", "!the text contains a NUL character"), ("a=%FF", "!the text is not valid UTF-8, in the field “a”"),
    ("a=%C0%80", "!the text is not valid UTF-8, in the field “a”"), ("a=%ED%A0%80", "!the text is not valid UTF-8, in the field “a”"),
    ("%E2%82=1", "!the text is not valid UTF-8"),
  ])
  func `what browsers never send is refused, with the field's name`(text: String, expected: String) {
    #expect(decoded(text) == expected)
  }

  @Test func `raw bytes follow the same rules`() {
    #expect(decoded([0x61, 0x3D, 0x00]) == "!the text contains a NUL character, in the field “a”")
    #expect(decoded([0x61, 0x3D, 0xC3]) == "!the text is not valid UTF-8, in the field “a”")
  }

  @Test func `eight thousand fields are a form, one more is not`() {
    let fields = Array(repeating: "a=1", count: 8_000).joined(separator: "&")
    #expect(decoded(fields).utf8.count == 8_000 * 4 - 1)
    #expect(decoded(fields + "&a=1") == "!more than 8000 fields")
  }

  @Test func `a value can be as long as its limit`() {
    let limits = FormLimits(fields: 3, fieldBytes: 4)
    #expect(decoded("a=%31234", limits: limits) == "a=1234")
    #expect(decoded("a=%312345", limits: limits) == "!more than 4 bytes, in the field “a”")
    #expect(decoded("abcde=1", limits: limits) == "!more than 4 bytes")
  }

  @Test func `errors say which status they deserve`() {
    let tooMany = #expect(throws: FormError.self) { try FormDecoder.urlencoded(Array("a=1&b=2".utf8), limits: FormLimits(fields: 1)) }
    #expect(tooMany?.isTooLarge == true)
    #expect(tooMany?.isUnsupportedType == false)
    let broken = #expect(throws: FormError.self) { try FormDecoder.urlencoded(Array("a=%".utf8)) }
    #expect(broken?.isTooLarge == false)
  }

  @Test func `any text survives a round trip`() throws {
    var random = SplitMix(seed: 1)
    for _ in 0..<2_000 {
      let bytes = random.bytes(Int.random(in: 0...30, using: &random)).filter { $0 != 0 && $0 != UInt8(ascii: "\r") }
      let text = String(decoding: bytes, as: UTF8.self)
      let encoded = PercentEncoding.encode(text) { (0x61...0x7A).contains($0) }
      #expect(try FormDecoder.urlencoded(Array("f=\(encoded)".utf8))["f"] == text)
    }
  }

  @Test func `random bytes give fields or an error, never NUL or invalid text`() {
    var random = SplitMix(seed: 2)
    let seed = Array("name=Kevin+M%C3%BCller&tag=a&tag=b%0D%0Ac&empty=".utf8)
    for round in 0..<20_000 {
      let bytes = round % 2 == 0 ? random.bytes(Int.random(in: 0...40, using: &random)) : random.mutated(seed)
      guard let fields = try? FormDecoder.urlencoded(bytes) else { continue }
      #expect(fields.fields.count <= bytes.count)
      #expect(fields.fields.allSatisfy { !($0.name + $0.value).utf8.contains(0) && ($0.name + $0.value).utf8.count <= bytes.count })
    }
  }
}
