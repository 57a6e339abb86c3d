import Base

/// A filter: the types that it takes and returns, and its implementation.
package struct FilterDefinition: Sendable {
  package typealias Apply = @Sendable (Value, [Value], RenderContext) throws -> Value
  /// Appends the result for a text.
  package typealias Write = @Sendable (UnsafeBufferPointer<UInt8>, inout ByteBuffer) -> Void

  /// Makes a writer for one page: what depends only on the visitor is computed once instead of for every row. A struct,
  /// since an optional function or an array of functions wraps each in another one.
  struct Writer: Sendable {
    let make: @Sendable (RenderContext) -> Write
  }

  /// The allowed number of arguments.
  let arguments: ClosedRange<Int>
  let result: Kind
  let takesNull: Bool
  let apply: Apply
  /// The same without a `Value`, if the filter has it: the fast path for lists.
  private(set) var writer: Writer?

  package init(arguments: ClosedRange<Int> = 0...0, result: Kind = .text, takesNull: Bool = false, _ apply: @escaping Apply) {
    self.arguments = arguments
    self.result = result
    self.takesNull = takesNull
    self.apply = apply
  }

  /// A filter without arguments from text to text.
  package static func writing(_ make: @escaping @Sendable (RenderContext) -> Write) -> FilterDefinition {
    var filter = FilterDefinition { value, _, context in
      let text = value.text
      var out = ByteBuffer(capacity: text.utf8.count + 64)
      text.withBytes { make(context)($0, &out) }
      return .text(out.text)
    }
    filter.writer = Writer(make: make)
    return filter
  }
}

/// Thrown by a filter that fails; the engine adds the position.
package struct FilterError: Error {
  package let message: String

  package init(_ message: String) { self.message = message }
}

enum BuiltinFilters {
  static let all: [String: FilterDefinition] = [
    "upper": FilterDefinition { value, _, _ in .text(value.text.uppercased()) },
    "lower": FilterDefinition { value, _, _ in .text(value.text.lowercased()) },
    "url": FilterDefinition { value, _, _ in .text(PercentEncoding.encode(value.text)) },
    "length": FilterDefinition(result: .int) { value, _, _ in
      switch value {
      case .list(let items): .int(items.count)
      default: .int(value.text.count)
      }
    },
    "join": FilterDefinition(arguments: 0...1) { value, arguments, _ in
      guard case .list(let items) = value else { throw FilterError("join takes a list") }
      return .text(items.map(\.text).joined(separator: arguments.first?.text ?? ", "))
    },
    "truncate": FilterDefinition(arguments: 1...1) { value, arguments, _ in
      let limit = max(1, arguments[0].int ?? 1)
      return .text(value.text.count <= limit ? value.text : value.text.prefix(limit - 1) + "…")
    },
    "lines": FilterDefinition(result: .html) { value, _, _ in
      var writer = HTMLWriter()
      for (number, line) in value.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
        if number > 0 { writer.markup("<br>") }
        writer.text(String(line))
      }
      return .html(writer.finish())
    },
  ]
}
