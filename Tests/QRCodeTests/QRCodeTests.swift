import Testing

@testable import QRCode

@Suite struct QRCodeTests {
  @Test func `the three finder patterns are where readers look for them`() throws {
    let code = try #require(QRCode("otpauth://totp/Roost:ann@example.com?secret=JBSWY3DPEHPK3PXP"))
    #expect(code.size % 4 == 1 && code.size >= 21 && code.modules.count == code.size * code.size)
    let finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
    for (left, top) in [(0, 0), (code.size - 7, 0), (0, code.size - 7)] {
      let found = (0..<7).map { y in (0..<7).map { x in code.modules[(top + y) * code.size + left + x] ? "1" : "0" }.joined() }
      #expect(found == finder)
    }
  }

  @Test func `the path covers the dark modules and nothing else`() throws {
    let code = try #require(QRCode("Ελληνικά & more"))
    var drawn = [Bool](repeating: false, count: code.modules.count)
    for run in code.path.matches(of: #/M(\d+) (\d+)h(\d+)v1h-(\d+)z/#) {
      let (x, y, width) = (Int(run.1) ?? 0, Int(run.2) ?? 0, Int(run.3) ?? 0)
      #expect(run.3 == run.4)
      for offset in 0..<width { drawn[(y - QRCode.margin) * code.size + x - QRCode.margin + offset] = true }
    }
    #expect(drawn == code.modules)
  }

  @Test func `what no code can hold gives none`() {
    #expect(QRCode(String(repeating: "x", count: 3_000)) == nil)
    #expect(QRCode("a\0b") == nil)
  }
}
