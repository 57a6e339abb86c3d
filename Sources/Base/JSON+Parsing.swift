/// Why a text isn't valid JSON, and where (a byte offset).
package struct JSONError: Error, Equatable {
  package let reason: String
  package let offset: Int
}

extension JSON {
  /// Parses exactly one value. Nesting is limited to 64 levels; a number outside `Int` becomes a `Double`.
  package init(parsing text: String) throws(JSONError) {
    var parser = JSONParser(bytes: Array(text.utf8))
    self = try parser.document()
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONError) -> JSON {
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw error("unexpected text after the value") }
    return value
  }

  private func error(_ reason: String, at offset: Int? = nil) -> JSONError { JSONError(reason: reason, offset: offset ?? position) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    position += 1
    return true
  }

  private mutating func take(word: StaticString) -> Bool {
    let end = position + word.utf8CodeUnitCount
    guard end <= bytes.count, bytes[position..<end].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    else { return false }
    position = end
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard depth < 64 else { throw error("nested too deeply") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t") where take(word: "true"): return .bool(true)
    case UInt8(ascii: "f") where take(word: "false"): return .bool(false)
    case UInt8(ascii: "n") where take(word: "null"): return .null
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    position += 1
    var members: [JSON.Member] = []
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("expected a member name") }
      let name = try string()
      skipSpace()
      guard take(":") else { throw error("expected “:”") }
      members.append(JSON.Member(name: name, value: try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw error("expected “,” or “}”") }
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    position += 1
    var items: [JSON] = []
    skipSpace()
    if take("]") { return .array(items) }
    while true {
      items.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(items) }
      guard take(",") else { throw error("expected “,” or “]”") }
    }
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = position
    _ = take("-")
    let whole = digits()
    guard !whole.isEmpty else { throw error("expected a value", at: start) }
    // 012 is ambiguous; 1. and 1e are incomplete.
    var isSound = whole.count == 1 || bytes[whole.lowerBound] != UInt8(ascii: "0")
    if take(".") { isSound = !digits().isEmpty && isSound }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      isSound = !digits().isEmpty && isSound
    }
    guard isSound else { throw error("malformed number", at: start) }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let n = Int(text) { return .int(n) }
    guard let x = Double(text), x.isFinite else { throw error("number too large", at: start) }
    return .double(x)
  }

  private mutating func digits() -> Range<Int> {
    let start = position
    while let byte = next, (48...57).contains(byte) { position += 1 }
    return start..<position
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    // Most strings have no escapes: the text up to the first one is copied as it is.
    let start = position
    while let byte = next, byte >= 32, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
    if next == UInt8(ascii: "\"") {
      defer { position += 1 }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }
    var out = Array(bytes[start..<position])
    while let byte = next {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: out, as: UTF8.self) else { throw error("invalid UTF-8") }
        return text
      case UInt8(ascii: "\\"): try escape(into: &out)
      case 0..<32: throw error("control character in a string", at: position - 1)
      default: out.append(byte)
      }
    }
    throw error("unterminated string")
  }

  private mutating func escape(into out: inout [UInt8]) throws(JSONError) {
    let start = position - 1
    guard let byte = next else { throw error("unterminated string") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
    case UInt8(ascii: "b"): out.append(8)
    case UInt8(ascii: "f"): out.append(12)
    case UInt8(ascii: "n"): out.append(10)
    case UInt8(ascii: "r"): out.append(13)
    case UInt8(ascii: "t"): out.append(9)
    case UInt8(ascii: "u"):
      var unit = try hex()
      if (0xD800...0xDBFF).contains(unit) {
        guard take("\\"), take("u") else { throw error("unpaired surrogate", at: start) }
        let low = try hex()
        guard (0xDC00...0xDFFF).contains(low) else { throw error("unpaired surrogate", at: start) }
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw error("unpaired surrogate", at: start) }
      out += String(scalar).utf8
    default: throw error("unknown escape", at: start)
    }
  }

  private mutating func hex() throws(JSONError) -> UInt32 {
    guard position + 4 <= bytes.count, let unit = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
      bytes[position] != 43, bytes[position] != 45
    else { throw error("malformed \\u escape") }
    position += 4
    return unit
  }
}
