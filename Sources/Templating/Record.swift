/// Values in the order of a shape's fields. A list page makes one for each of its cells, so a record is a single allocation.
///
/// `@unchecked Sendable`: the storage is written while it is made and only read afterwards.
package struct Record: @unchecked Sendable {
  private let storage: Storage

  package init(_ shape: Shape, _ values: [Value]) {
    precondition(values.count == shape.fields.count, "a \(shape.name) has \(shape.fields.count) fields, not \(values.count)")
    storage = Storage.make(shape, values)
  }

  var shape: Shape { storage.header }

  /// The first field's place. It stays where it is for as long as the record lives.
  var fields: UnsafePointer<Value> { storage.withUnsafeMutablePointerToElements { UnsafePointer($0) } }

  /// A field's value by name; null when there is none.
  package subscript(_ field: String) -> Value { shape.index(of: field).map { fields[$0] } ?? .null }

  private final class Storage: ManagedBuffer<Shape, Value> {
    static func make(_ shape: Shape, _ values: [Value]) -> Storage {
      let storage = unsafeDowncast(create(minimumCapacity: values.count) { _ in shape }, to: Storage.self)
      storage.withUnsafeMutablePointerToElements { elements in
        for (index, value) in values.enumerated() { (elements + index).initialize(to: value) }
      }
      return storage
    }

    deinit {
      _ = withUnsafeMutablePointers { shape, elements in elements.deinitialize(count: shape.pointee.fields.count) }
    }
  }
}
