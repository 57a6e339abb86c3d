/// The status of a record: as stored, with its label. In the trash every record is `trashed`.
package struct RecordStatus: Sendable, Equatable {
  package let value: String
  let label: String

  // Of documents.
  package static let draft = RecordStatus(value: "draft", label: "Draft")
  package static let sent = RecordStatus(value: "sent", label: "Sent")
  package static let accepted = RecordStatus(value: "accepted", label: "Accepted")
  package static let declined = RecordStatus(value: "declined", label: "Declined")
  package static let superseded = RecordStatus(value: "superseded", label: "Replaced")
  package static let confirmed = RecordStatus(value: "confirmed", label: "Confirmed")
  package static let completed = RecordStatus(value: "completed", label: "Completed")
  package static let cancelled = RecordStatus(value: "cancelled", label: "Cancelled")
  package static let issued = RecordStatus(value: "issued", label: "Issued")
  package static let credited = RecordStatus(value: "credited", label: "Credited")

  static let active = RecordStatus(value: "active", label: "Active")
  static let inactive = RecordStatus(value: "inactive", label: "Inactive")
  package static let open = RecordStatus(value: "open", label: "Open")
  package static let done = RecordStatus(value: "done", label: "Done")
  static let trashed = RecordStatus(value: "trashed", label: "In the trash")

  /// Of types that don't say otherwise.
  static let usual = [active, inactive]
  /// All there are, of whatever type.
  static let all = [
    active, inactive, open, done, draft, sent, accepted, declined, superseded, confirmed, completed, cancelled, issued, credited, trashed,
  ]
}
