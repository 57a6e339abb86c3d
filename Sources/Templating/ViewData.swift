/// Values in the order of a shape's fields.
package struct ViewData: Sendable {
  /// An object of its own, so that a record is handed on as one reference.
  private let storage: Storage

  package init(_ shape: ViewSchema, _ values: [Value]) {
    precondition(values.count == shape.fields.count, "a \(shape.name) has \(shape.fields.count) fields, not \(values.count)")
    storage = Storage(shape, values)
  }

  var shape: ViewSchema { storage.shape }

  subscript(index: Int) -> Value { storage.values[index] }

  /// A field's value by name; null when there is none.
  package subscript(_ field: String) -> Value { shape.index(of: field).map { self[$0] } ?? .null }

  /// A field's place. It stays where it is for as long as the record lives.
  func place(of index: Int) -> UnsafePointer<Value> {
    precondition(index < storage.values.count)
    return storage.first + index
  }

  private final class Storage: @unchecked Sendable {
    let shape: ViewSchema
    let values: [Value]
    /// Of the array, which nobody changes.
    let first: UnsafePointer<Value>

    init(_ shape: ViewSchema, _ values: [Value]) {
      (self.shape, self.values) = (shape, values)
      first = values.withUnsafeBufferPointer { $0.baseAddress } ?? UnsafePointer(Self.nothing)
    }

    private nonisolated(unsafe) static let nothing = UnsafeMutablePointer<Value>.allocate(capacity: 1)
  }
}
