/// Decoded name–value pairs of a query or a form, in order, including repeated names. Text is valid UTF-8 without NUL.
package struct FormFields: Sendable, Equatable {
  package struct Field: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var fields: [Field]

  package init(_ fields: [Field] = []) { self.fields = fields }

  /// The first value of a field.
  package subscript(_ name: String) -> String? {
    let length = name.utf8.count
    // Fast path: most names differ in length.
    return fields.first { $0.name.utf8.count == length && $0.name == name }?.value
  }

  package func all(_ name: String) -> [String] {
    let length = name.utf8.count
    var values: [String] = []
    for field in fields where field.name.utf8.count == length && field.name == name { values.append(field.value) }
    return values
  }
}
