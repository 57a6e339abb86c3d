package import Base

/// What records of a type keep to, whatever changes them: looked at in the transaction that writes, before it does. Gives what speaks against it.
package typealias RecordRule = @Sendable (ProposedChange, ActContext) throws -> ValidationErrors

/// Sets the values that follow from others, in the transaction that writes. `stored` is the record as it is; `nil` for a new one. Gives what can't be
/// worked out.
package typealias Derivation = @Sendable (_ values: inout [FieldValue], _ stored: Record?, ActContext) throws -> ValidationErrors

/// What is about to happen to a record.
package enum ProposedChange {
  case create([FieldValue])
  /// Its values become others.
  case save(Record, to: [FieldValue])
  case trash(RecordHeader)
  case restore(RecordHeader)
  /// Permanently.
  case delete(RecordHeader)

  /// The record, unless it is being made.
  package var record: RecordID? {
    switch self {
    case .create: nil
    case .save(let record, _): record.id
    case .trash(let header), .restore(let header), .delete(let header): header.id
    }
  }
}

extension RecordType {
  /// What speaks against a change.
  func errors(_ change: ProposedChange, _ act: ActContext) throws -> ValidationErrors {
    if case .save(let stored, let values) = change, let errors = stored.lock?.errors(values, over: stored), !errors.isEmpty {
      return errors
    }
    return try rule?(change, act) ?? ValidationErrors()
  }
}
