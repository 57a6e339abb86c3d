/// What a type of records has on the overview: figures, and those that were added last. What needs attention, its list's filters say.
package struct RecordHome: Sendable {
  /// How many records a tab of its list holds.
  package struct Figure: Sendable {
    package let label: String
    /// `all`, a status, or `trashed`.
    package let tab: String

    package init(_ label: String, tab: String = "all") { (self.label, self.tab) = (label, tab) }
  }

  /// The records that were added last: each by its name, with a line under it and an address of mail, by the names of columns.
  package struct Newest: Sendable {
    package let title: String
    package let line: String
    package let email: String

    package init(title: String, line: String, email: String) {
      self.title = title
      self.line = line
      self.email = email
    }
  }

  package var figures: [Figure] = []
  package var newest: Newest?
  /// Whether the overview has a button that makes one.
  package var offersNew = false

  package init(figures: [Figure] = [], newest: Newest? = nil, offersNew: Bool = false) {
    self.figures = figures
    self.newest = newest
    self.offersNew = offersNew
  }
}
