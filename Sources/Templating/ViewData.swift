/// Values in the order of a shape's fields. A list page makes one for each of its cells, so a record is a single allocation.
///
/// `@unchecked Sendable`: the storage is written while it is made and only read afterwards.
package struct ViewData: @unchecked Sendable {
  private let storage: Storage

  package init(_ shape: ViewSchema, _ values: [Value]) {
    self.init(shape) { fields in
      for value in values { fields.append(value) }
    }
  }

  /// Made field by field, with no array in between: for what a page makes by the hundred.
  package init(_ shape: ViewSchema, _ fill: (inout Filling) -> Void) {
    let storage = unsafeDowncast(Storage.create(minimumCapacity: shape.fields.count) { _ in shape }, to: Storage.self)
    storage.withUnsafeMutablePointerToElements { elements in
      var filling = Filling(shape, elements)
      fill(&filling)
      precondition(filling.count == shape.fields.count, "a \(shape.name) has \(shape.fields.count) fields, not \(filling.count)")
    }
    self.storage = storage
  }

  /// Takes a record's values in the order of its shape.
  package struct Filling: ~Copyable {
    private let shape: ViewSchema
    private let elements: UnsafeMutablePointer<Value>
    fileprivate private(set) var count = 0

    fileprivate init(_ shape: ViewSchema, _ elements: UnsafeMutablePointer<Value>) {
      self.shape = shape
      self.elements = elements
    }

    package mutating func append(_ value: consuming Value) {
      precondition(count < shape.fields.count, "a \(shape.name) has \(shape.fields.count) fields")
      (elements + count).initialize(to: value)
      count += 1
    }
  }

  var shape: ViewSchema { storage.header }

  /// The first field's place. It stays where it is for as long as the record lives.
  var fields: UnsafePointer<Value> { storage.withUnsafeMutablePointerToElements { UnsafePointer($0) } }

  /// A field's value by name; null when there is none.
  package subscript(_ field: String) -> Value { shape.index(of: field).map { fields[$0] } ?? .null }

  private final class Storage: ManagedBuffer<ViewSchema, Value> {
    deinit {
      _ = withUnsafeMutablePointers { shape, elements in elements.deinitialize(count: shape.pointee.fields.count) }
    }
  }
}
