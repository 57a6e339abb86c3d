/// What a type of records has on the overview: figures, and those that were added last. What needs attention, its list's filters say.
struct RecordHome: Sendable {
  /// How many records a tab of its list holds.
  struct Figure: Sendable {
    let label: String
    /// `all`, a status, or `trashed`.
    let tab: String

    init(_ label: String, tab: String = "all") { (self.label, self.tab) = (label, tab) }
  }

  /// The records that were added last: each by its name, with a line under it and an address of mail, by the names of columns.
  struct Newest: Sendable {
    let title: String
    let line: String
    let email: String
  }

  var figures: [Figure] = []
  var newest: Newest?
  /// Whether the overview has a button that makes one.
  var offersNew = false
}
