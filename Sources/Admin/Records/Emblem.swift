extension RecordType {
  /// What is shown beside a record's name where it has no picture.
  package enum Emblem: String, Sendable {
    /// Initials in a circle.
    case person
    /// Initials in a square.
    case thing
    /// The icon of its type, for what is called by a number or a sentence; in a list of such records, nothing.
    case icon
  }
}
