import Base
import Foundation
import Testing

@testable import Crypto

@Suite struct TimeCodeTests {
  private let secret = Array("12345678901234567890".utf8)

  /// RFC 6238, Appendix B, the last six digits.
  @Test(arguments: [
    (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
  ])
  func `codes are those of the standard`(seconds: Int, code: String) {
    let moment = Timestamp(milliseconds: Int64(seconds) * 1000)
    #expect(TimeCode.code(secret, step: TimeCode.step(at: moment)) == code)
    #expect(TimeCode.step(of: code, secret, at: moment) == seconds / 30)
  }

  @Test func `a code is good for its own half minute, the one before and the one after`() {
    let step = 41_000_000
    let code = TimeCode.code(secret, step: step)
    for offset in -40...70 {
      let moment = Timestamp(milliseconds: Int64(step * 30 + offset) * 1000)
      let isNear = offset >= -30 && offset < 60
      #expect((TimeCode.step(of: code, secret, at: moment) == step) == isNear, "\(offset)")
    }
    for wrong in ["", "1", code + "0", String(code.dropLast()), "000000\0", "οοοοοο"] {
      #expect(TimeCode.step(of: wrong, secret, at: Timestamp(milliseconds: Int64(step) * 30_000)) == nil)
    }
  }

  @Test(arguments: [
    ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
  ])
  func `base32 as in RFC 4648, without padding`(text: String, base32: String) { #expect(TimeCode.base32(Array(text.utf8)) == base32) }
}

@Suite struct SecretBoxTests {
  @Test func `only the same key and purpose open a box, and nothing that was changed`() {
    let key = SecureRandom.bytes(32)
    let box = SecretBox(key: key, for: "a")
    let bytes = Array("secret".utf8)
    let sealed = box.seal(bytes)
    #expect(box.open(sealed) == bytes && SecretBox(key: key, for: "a").open(sealed) == bytes)
    #expect(box.seal(bytes) != sealed && !sealed.contains("secret"))
    #expect(SecretBox(key: key, for: "b").open(sealed) == nil && SecretBox(key: SecureRandom.bytes(32), for: "a").open(sealed) == nil)
    let raw = Array(sealed.utf8)
    for place in raw.indices {
      var changed = raw
      changed[place] = raw[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      let text = String(decoding: changed, as: UTF8.self)
      // The last character may have bits that count for nothing.
      if place < raw.count - 1 { #expect(box.open(text) == nil) }
    }
    for wrong in ["", "x", "????", String(sealed.prefix(30))] { #expect(box.open(wrong) == nil) }
    #expect(box.open(box.seal([])) == [])
  }

  @Test func `the key is made once, for its owner alone, and a damaged one is refused`() throws {
    let path = NSTemporaryDirectory() + "roost-key-\(UInt64.random(in: .min ... .max))"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let key = try KeyFile.key(at: path)
    #expect(key.count == 32 && Set(key).count > 8)
    #expect(try KeyFile.key(at: path) == key)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    for damaged in [key + [1], Array(key.dropLast()), []] {
      try Data(damaged).write(to: URL(fileURLWithPath: path))
      #expect(throws: KeyFile.Failure.self) { try KeyFile.key(at: path) }
    }
    #expect(throws: KeyFile.Failure.self) { try KeyFile.key(at: "/nowhere/at/all") }
  }
}
