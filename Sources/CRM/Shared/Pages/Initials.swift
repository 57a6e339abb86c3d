/// Up to two letters that stand for a name: the beginnings of its first two words.
enum Initials {
  static func of(_ name: String) -> String {
    ofPlain(name)
      ?? String(name.utf8.split(separator: UInt8(ascii: " "), maxSplits: 2).prefix(2).compactMap { Substring($0).first }).uppercased()
  }

  /// The same for ASCII names, which are most, without taking the text apart into characters: a list asks this for each of its rows.
  private static func ofPlain(_ name: String) -> String? {
    var initials = ""
    var isBetweenWords = true
    for byte in name.utf8 {
      guard byte < 0x80 else { return nil }
      if byte == UInt8(ascii: " ") {
        isBetweenWords = true
      } else if isBetweenWords {
        guard initials.utf8.count < 2 else { return initials }
        let isLowercase = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
        initials.unicodeScalars.append(Unicode.Scalar(isLowercase ? byte - 32 : byte))
        isBetweenWords = false
      }
    }
    return initials
  }
}
