extension Request {
  /// The posted form's text fields; files in it are skipped. A request without a body is an empty form.
  package func form() throws(FormError) -> FormFields {
    var events = try FormEvents(self)
    var fields: [FormFields.Field] = []
    while let event = try events.next() {
      if case .field(let field) = event { fields.append(field) }
    }
    return FormFields(fields)
  }
}
