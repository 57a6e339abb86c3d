import Base
import Web

/// What can still be changed of a record whose state fixes the rest, and why not the rest: an issued invoice.
package struct RecordLock: Sendable {
  /// The names of fields that stay open.
  let open: Set<String>
  /// The error shown for a change to any other field.
  let reason: Message

  package init(open: Set<String>, _ reason: Message) { (self.open, self.reason) = (open, reason) }

  /// The errors in these values: one for each field that is changed and not open. Acts of the product may change the fields that no form does.
  func errors(_ values: [FieldValue], over stored: Record) -> ValidationErrors {
    var errors = ValidationErrors()
    for (index, field) in stored.type.fields.enumerated() where !field.isReadOnly && !open.contains(field.name) {
      if values[index] != stored.values[index] { errors.add(field.name, reason) }
    }
    return errors
  }
}

extension Record {
  package var lock: RecordLock? { type.lock?(status) }

  /// Whether people can change this field as things are.
  func isOpen(_ field: Field) -> Bool { !field.isReadOnly && lock?.open.contains(field.name) ?? true }
}

extension FormFields {
  /// A form says nothing about the fields that it didn't show, since they were locked: those stay.
  func filling(lockedOf record: Record, in formats: Formats) -> FormFields {
    guard record.lock != nil else { return self }
    var filled = fields
    for (field, value) in zip(record.type.fields, record.values) where !field.isReadOnly && !record.isOpen(field) {
      let inputs = field.kind.inputs(field.name).all
      if !fields.contains(where: { inputs.contains($0.name) }) { filled += field.kind.posted(value, field.name, formats) }
    }
    return FormFields(filled)
  }
}
