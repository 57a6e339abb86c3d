/// The status of a record: as stored, with its label. In the trash every record is `trashed`.
package struct RecordStatus: Sendable, Equatable {
  package let value: String
  let label: String

  static let active = RecordStatus(value: "active", label: "Active")
  static let inactive = RecordStatus(value: "inactive", label: "Inactive")
  package static let open = RecordStatus(value: "open", label: "Open")
  package static let done = RecordStatus(value: "done", label: "Done")
  static let trashed = RecordStatus(value: "trashed", label: "In the trash")

  /// Of types that don't say otherwise.
  static let usual = [active, inactive]
  /// All there are, of whatever type.
  static let all = [active, inactive, open, done, trashed]
}
