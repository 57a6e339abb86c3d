package import Web

/// Parses the target of a request line (RFC 9112 §3.2.1, origin form): decoded path segments and query fields.
package enum RequestTarget {
  package struct Parts: Sendable {
    package let path: [String]
    package let query: FormFields
  }

  /// An error in a target, as a sentence for the client.
  package struct Refusal: Error, Equatable {
    package let reason: String
  }

  /// The library keeps a record of each in the memory of the connection's head, which has room for about 250.
  private static let mostFields = 200

  package static func parse(_ target: String) throws(Refusal) -> Parts {
    guard target.utf8.first == UInt8(ascii: "/") else { throw Refusal(reason: "The address must be a path that begins with a slash.") }
    if target.utf8.contains(where: { $0 <= 32 || $0 == 127 }) { throw Refusal(reason: "The URL contains a space or a control character.") }
    let halves = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    var path: [String] = []
    for piece in halves[0].split(separator: UInt8(ascii: "/")) {
      let segment = try decode(piece, plusIsSpace: false, what: "path")
      if segment.utf8.contains(UInt8(ascii: "/")) { throw Refusal(reason: "The path holds an encoded slash.") }
      if segment == "." || segment == ".." { throw Refusal(reason: "The path contains a dot segment.") }
      path.append(segment)
    }
    var fields: [FormFields.Field] = []
    if halves.count == 2 {
      for pair in halves[1].split(separator: UInt8(ascii: "&")) {
        guard fields.count < mostFields else { throw Refusal(reason: "The query has more than \(mostFields) fields.") }
        let sides = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        let name = try decode(sides[0], plusIsSpace: true, what: "query")
        fields.append(FormFields.Field(name, sides.count == 2 ? try decode(sides[1], plusIsSpace: true, what: "query") : ""))
      }
    }
    return Parts(path: path, query: FormFields(fields))
  }

  private static func decode(_ bytes: Substring.UTF8View.SubSequence, plusIsSpace: Bool, what: String) throws(Refusal) -> String {
    let isPlain = bytes.allSatisfy { $0 != UInt8(ascii: "%") && $0 != 0 && !($0 == UInt8(ascii: "+") && plusIsSpace) }
    if isPlain { return String(Substring(bytes)) }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index = bytes.index(after: index)
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = hex(bytes, &index), let low = hex(bytes, &index) else {
          throw Refusal(reason: "The \(what) contains an invalid % escape.")
        }
        let decoded = high << 4 | low
        if decoded == 0 { throw Refusal(reason: "The \(what) contains a NUL character.") }
        out.append(decoded)
      case UInt8(ascii: "+") where plusIsSpace: out.append(UInt8(ascii: " "))
      case 0: throw Refusal(reason: "The \(what) contains a NUL character.")
      default: out.append(byte)
      }
    }
    guard let text = String(validating: out, as: UTF8.self) else { throw Refusal(reason: "The \(what) isn’t valid UTF-8.") }
    return text
  }

  private static func hex(_ bytes: Substring.UTF8View.SubSequence, _ index: inout String.Index) -> UInt8? {
    guard index < bytes.endIndex else { return nil }
    defer { index = bytes.index(after: index) }
    switch bytes[index] {
    case let digit where (48...57).contains(digit): return digit - 48
    case let letter where (65...70).contains(letter & ~32): return (letter & ~32) - 55
    default: return nil
    }
  }
}
