package import Base

/// What an act came to.
package enum Outcome: Sendable {
  /// To what, and the address of the act that takes it back, where there is one.
  case done(RecordID, undo: String? = nil)
  /// It was so already: nothing was written.
  case unchanged(RecordID)
  /// Something is wrong: nothing was written.
  case invalid(ValidationErrors)
  /// Somebody else changed the same fields first: nothing was written.
  case conflict

  /// Whether anything was changed.
  package var hasChanged: Bool { if case .done = self { true } else { false } }

  /// The same with another way back.
  package func undone(by undo: String) -> Outcome { if case .done(let id, _) = self { .done(id, undo: undo) } else { self } }

  /// What is wrong, if anything is.
  package var errors: ValidationErrors { if case .invalid(let errors) = self { errors } else { ValidationErrors() } }

  var undo: String? { if case .done(_, let undo) = self { undo } else { nil } }

  /// Nothing is added to a record in the trash, nor changed.
  package static func inTrash(_ record: RecordHeader, typed isTyped: Bool = false) -> Outcome {
    .invalid(ValidationErrors("", isTyped ? .inTrash(record.name) : .restoreFirst(record.name)))
  }
}

extension Message {
  static func restoreFirst(_ name: String) -> Message { Message("{name} is in the trash. Restore it first.", ["name": name]) }

  /// Where something was typed.
  static func inTrash(_ name: String) -> Message {
    Message("{name} is in the trash. Restore it first; what you typed stays here.", ["name": name])
  }
}
