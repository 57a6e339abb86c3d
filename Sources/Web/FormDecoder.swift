import Base

/// Parses `application/x-www-form-urlencoded` bodies (WHATWG URL §5.1), strictly: what a browser never sends is an
/// error.
package enum FormDecoder {
  /// The fields in order. `a&b=` are two fields with empty values; empty pieces between `&` are skipped.
  package static func urlencoded(_ bytes: [UInt8], limits: FormLimits = .urlencoded) throws(FormError) -> FormFields {
    var fields: [FormFields.Field] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "&")) ?? rest.endIndex
      let pair = rest[..<end]
      rest = rest[end...].dropFirst()
      if pair.isEmpty { continue }
      guard fields.count < limits.fields else { throw FormError(.tooManyFields(limits.fields)) }
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      let name = try text(pair[..<equals], field: nil, limits)
      fields.append(FormFields.Field(name, try text(pair[equals...].dropFirst(), field: name, limits)))
    }
    return FormFields(fields)
  }

  private static func text(_ bytes: ArraySlice<UInt8>, field: String?, _ limits: FormLimits) throws(FormError) -> String {
    guard let decoded = PercentEncoding.decode(bytes, plusIsSpace: true) else { throw FormError(.brokenEscape, field: field) }
    guard decoded.count <= limits.fieldBytes else { throw FormError(.tooLarge(bytes: limits.fieldBytes), field: field) }
    return try FormText.decode(decoded, field: field)
  }
}
