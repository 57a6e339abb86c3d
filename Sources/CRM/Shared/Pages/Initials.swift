/// Up to two letters that stand for a name: the beginnings of its first two words.
enum Initials {
  static func of(_ name: String) -> String {
    var name = name
    return name.withUTF8 { of($0) }
  }

  static func of(_ name: UnsafeBufferPointer<UInt8>) -> String {
    var initials = ""
    var words = 0
    var index = 0
    while words < 2, index < name.count {
      guard name[index] != space else {
        index += 1
        continue
      }
      let end = name[index...].firstIndex(of: space) ?? name.endIndex
      initials += beginning(of: UnsafeBufferPointer(rebasing: name[index..<end]))
      words += 1
      index = end
    }
    return initials
  }

  private static let space = UInt8(ascii: " ")

  /// A word's first character as a capital. A list asks this for each of its rows, and most words begin with two of ASCII: then the first is whole, and
  /// nothing has to be taken apart into characters.
  private static func beginning(of word: UnsafeBufferPointer<UInt8>) -> String {
    guard word[0] < 0x80, word.count == 1 || word[1] < 0x80 else { return String(decoding: word, as: UTF8.self).prefix(1).uppercased() }
    let isLowercase = word[0] >= UInt8(ascii: "a") && word[0] <= UInt8(ascii: "z")
    return String(Unicode.Scalar(isLowercase ? word[0] - 32 : word[0]))
  }
}
