/// Goes through the compact text of a JSON value without making anything of it: what it finds are the bytes themselves. Only for texts that Roost has
/// written, and no longer than the bytes are there.
package struct JSONScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  package var isAtEnd: Bool { position == bytes.count }

  /// Goes past this byte, if it is next.
  package mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  /// The string that is next, with its quotation marks and escapes; `nil` if it is something else.
  package mutating func string() -> Slice<UnsafeBufferPointer<UInt8>>? {
    let start = position
    guard take("\"") else { return nil }
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return bytes[start..<position]
      case UInt8(ascii: "\\"): position += 2
      default: position += 1
      }
    }
    return nil
  }

  /// The string of the member that is next; `nil` if it has another name. The name is as the text has it: with quotation marks.
  package mutating func member(_ name: StaticString) -> Slice<UnsafeBufferPointer<UInt8>>? {
    guard let found = string(), found.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)), take(":")
    else { return nil }
    return string()
  }
}
