import Base

extension Channel {
  /// Writes the stored text of channels as `ChannelsField.json` has them, string by string: a list has hundreds. `false` for a text that isn't stored
  /// the usual way; part of it may be written then.
  static func copy(_ stored: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) -> Bool {
    var scanner = JSONScanner(stored)
    out.append(UInt8(ascii: "["))
    guard scanner.take("{") else { return false }
    var rank = 0
    var isFirst = true
    while !scanner.take("}") {
      guard rank == 0 || scanner.take(","), let name = scanner.string(),
        let place = names.indices.dropFirst(rank).first(where: { names[$0].elementsEqual(name) }), scanner.take(":"), scanner.take("[")
      else { return false }
      rank = place + 1
      var isPrimary = true
      repeat {
        guard scanner.take("{"), let label = scanner.member(#""label""#), scanner.take(","), let value = scanner.member(#""value""#),
          !scanner.take(",") || scanner.member(#""number""#) != nil, scanner.take("}")
        else { return false }
        out += isFirst ? "{\"type\":".utf8 : ",{\"type\":".utf8
        out += name
        out += ",\"label\":".utf8
        out += label
        out += ",\"value\":".utf8
        out += value
        out += isPrimary ? ",\"primary\":true}".utf8 : ",\"primary\":false}".utf8
        (isPrimary, isFirst) = (false, false)
      } while scanner.take(",")
      guard scanner.take("]") else { return false }
    }
    out.append(UInt8(ascii: "]"))
    return scanner.isAtEnd
  }

  /// The kinds as strings of JSON, in their order.
  private static let names = Kind.allCases.map { Array("\"\($0.rawValue)\"".utf8) }
}
