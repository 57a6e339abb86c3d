import Templating

/// Up to two letters that stand for a name: the beginnings of its first two words.
package enum Initials {
  package static func of(_ name: String) -> String {
    var name = name
    var initials = ByteBuffer(capacity: 16)
    name.withUTF8 { append($0, to: &initials) }
    return initials.text
  }

  static func append(_ name: UnsafeBufferPointer<UInt8>, to initials: inout ByteBuffer) {
    var words = 0
    var index = 0
    while words < 2, index < name.count {
      let start = index
      while index < name.count, name[index] != UInt8(ascii: " ") { index += 1 }
      if index > start {
        appendBeginning(of: UnsafeBufferPointer(rebasing: name[start..<index]), to: &initials)
        words += 1
      }
      index += 1
    }
  }

  /// A word's first character as a capital. A list asks this for each of its rows, and most words begin with two of ASCII: then the first is whole, and
  /// nothing has to be taken apart into characters.
  private static func appendBeginning(of word: UnsafeBufferPointer<UInt8>, to initials: inout ByteBuffer) {
    guard word[0] < 0x80, word.count == 1 || word[1] < 0x80 else {
      return initials.append(String(decoding: word, as: UTF8.self).prefix(1).uppercased())
    }
    let isLowercase = word[0] >= UInt8(ascii: "a") && word[0] <= UInt8(ascii: "z")
    initials.append(isLowercase ? word[0] - 32 : word[0])
  }
}
