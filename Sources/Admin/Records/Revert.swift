import Base
import Web

/// Putting a record back: what its form would have posted before a change, kept beside the change for the fields that it touched. Putting back is
/// posting that form: by the same rules, with the same checks, as one more change.
enum Revert {
  /// The part of a form that the changed fields take.
  static func stored(_ form: FormFields, _ changes: [Change], of type: RecordType) -> String {
    let wanted = inputs(of: changes, type)
    return text(FormFields(form.fields.filter { wanted.contains($0.name) }))
  }

  static func text(_ form: FormFields) -> String {
    JSON.array(form.fields.map { .array([.string($0.name), .string($0.value)]) }).text
  }

  /// A record's form as it is now, with the changed fields as they were.
  static func form(_ present: FormFields, puttingBack stored: String, _ changes: [Change], of type: RecordType) -> FormFields {
    let replaced = inputs(of: changes.filter { type.field($0.field)?.isReadOnly == false }, type)
    return FormFields(
      present.fields.filter { !replaced.contains($0.name) } + fields(stored).fields.filter { replaced.contains($0.name) })
  }

  /// What `stored` made.
  static func fields(_ stored: String) -> FormFields {
    let pairs = (try? JSON(parsing: stored))?.array ?? []
    return FormFields(
      pairs.compactMap { pair in
        guard let items = pair.array, items.count == 2, let name = items[0].string, let value = items[1].string else { return nil }
        return FormFields.Field(name, value)
      })
  }

  private static func inputs(of changes: [Change], _ type: RecordType) -> Set<String> {
    Set(changes.flatMap { change in type.field(change.field).map { $0.kind.inputs($0.name).all } ?? [] })
  }
}
