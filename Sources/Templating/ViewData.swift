/// Values in the order of a schema's fields.
package struct ViewData: Sendable {
  /// A class, so that a record is passed on as one reference.
  private let storage: Storage

  package init(_ schema: ViewSchema, _ values: [Value]) {
    precondition(values.count == schema.fields.count, "\(schema.name) has \(schema.fields.count) fields, not \(values.count)")
    storage = Storage(schema, values)
  }

  var schema: ViewSchema { storage.schema }

  subscript(index: Int) -> Value { storage.values[index] }

  /// A field's value by name; null if there is none.
  package subscript(_ field: String) -> Value { schema.index(of: field).map { self[$0] } ?? .null }

  /// The address of a field's value. Stable for the lifetime of the record.
  func place(of index: Int) -> UnsafePointer<Value> {
    precondition(index < storage.values.count)
    return storage.first + index
  }

  private final class Storage: @unchecked Sendable {
    let schema: ViewSchema
    let values: [Value]
    /// Of the array, which is never mutated.
    let first: UnsafePointer<Value>

    init(_ schema: ViewSchema, _ values: [Value]) {
      (self.schema, self.values) = (schema, values)
      first = values.withUnsafeBufferPointer { $0.baseAddress } ?? UnsafePointer(Self.nothing)
    }

    private nonisolated(unsafe) static let nothing = UnsafeMutablePointer<Value>.allocate(capacity: 1)
  }
}
