package import Base
package import Store
import Web

/// Who does something to a record.
package struct Actor: Sendable {
  package let id: String?
  package let name: String

  package init(id: String?, name: String) {
    self.id = id
    self.name = name
  }

  /// The program itself, for imports and demo data.
  static let program = Actor(id: nil, name: "Roost")
}

/// The audit log: one entry for each change, written in the change's own transaction.
package enum Activity {
  package struct Entry: Sendable {
    let seq: Int
    package let at: String
    package let actorName: String
    package let action: String
    let changes: [Change]
    /// Whether what was there before is kept exactly enough to be put back.
    let isRevertible: Bool
    /// By which import it came, if it is part of one.
    var source: Message?
  }

  @discardableResult
  static func record(_ action: String, on record: RecordHeader, changes: [Change] = [], version: Int? = nil, _ act: ActContext) throws
    -> Int
  {
    try self.record(action, type: record.type.name, id: record.id, name: record.name, changes: changes, version: version, act)
  }

  /// `version` is the record's after a change of its fields. `before` is what `Revert` needs to put the changed fields back. Gives the entry's number.
  @discardableResult
  package static func record(
    _ action: String, type: String, id: RecordID, name: String, changes: [Change] = [], before: String? = nil, version: Int? = nil,
    _ act: ActContext
  ) throws -> Int {
    let seq =
      try act.db.value(
        """
        INSERT INTO activity (at, actor_id, actor_name, action, record_type, record_id, record_name, changes, before, version,
          batch)
        VALUES (\(act.now), \(act.actor.id), \(act.actor.name), \(action), \(type), \(id), \(name), \(Change.json(changes)), \(before),
          \(version), \(act.batch))
        RETURNING seq
        """) ?? 0
    try Webhooks.happened(act)
    return seq
  }

  /// What keeps entries to those of the record itself: other things that belong to it keep what they were in ways of their own.
  private static let ofRecord = "substr(action, 1, length(record_type) + 1) = record_type || '.'"

  /// An entry that can be put back: what it changed, and what was there before.
  static func revertible(_ seq: Int, of type: String, _ id: RecordID, in db: Database) throws -> (changes: [Change], before: String)? {
    try db.first(
      "SELECT changes, before FROM activity WHERE seq = \(seq) AND record_type = \(type) AND record_id = \(id) AND before IS NOT NULL AND \(raw: ofRecord)"
    ) { (Change.list($0.text(0)), $0.text(1)) }
  }

  /// What an entry of one of these actions keeps of what was there before.
  static func kept(by seq: Int, _ actions: [String], of record: RecordHeader, in db: Database) throws -> String? {
    try db.text(
      """
      SELECT before FROM activity
      WHERE seq = \(seq) AND record_type = \(record.type.name) AND record_id = \(record.id) AND action IN \(SQL.list(actions))
      """)
  }

  /// Whether a record had a note of this text that somebody has changed or deleted since.
  static func hadNote(_ text: String, _ record: RecordHeader, in db: Database) throws -> Bool {
    try db.all(
      """
      SELECT changes FROM activity
      WHERE record_type = \(record.type.name) AND record_id = \(record.id) AND action IN ('note.edited', 'note.deleted')
      """
    ) { Change.list($0.text(0)) }.joined().contains { $0.before == text }
  }

  /// The fields that have changed after a version of a record, each with the form that has what it held at that version, and who changed it last. `nil`
  /// where the log doesn't tell: it has changed by an older program.
  static func changes(of type: String, _ id: RecordID, since version: Int, upTo last: Int, in db: Database) throws
    -> [String: (before: FormFields, by: Actor)]?
  {
    // It comes from a form, and can be anything.
    guard version >= 1, version <= last else { return nil }
    let entries = try db.all(
      """
      SELECT version, changes, before, actor_id, actor_name FROM activity
      WHERE record_type = \(type) AND record_id = \(id) AND version > \(version) ORDER BY seq
      """
    ) {
      (
        version: $0.int(0), changes: Change.list($0.text(1)), before: $0.textOrNil(2),
        by: Actor(id: $0.textOrNil(3), name: $0.text(4))
      )
    }
    guard entries.count == last - version, zip(entries, 1...).allSatisfy({ $0.version == version + $1 }) else { return nil }
    var since: [String: (before: FormFields, by: Actor)] = [:]
    for entry in entries where !entry.changes.isEmpty {
      guard let stored = entry.before else { return nil }
      for change in entry.changes {
        since[change.field] = (since[change.field]?.before ?? Revert.fields(stored), entry.by)
      }
    }
    return since
  }

  /// An entry with the record that it is about.
  package struct Headline: Sendable {
    package let at: String
    package let actorID: String
    package let actorName: String
    package let action: String
    package let recordType: String
    package let recordID: String
    package let recordName: String
    package let recordExists: Bool

    /// What the record is called, or was until it was erased.
    package var shownName: Message { recordName.isEmpty && !recordExists ? Erasure.name(recordID) : Message(recordName) }
  }

  /// The last entries over all records, newest first, but for those about these types.
  package static func latest(_ count: Int, without hidden: [String], in db: Database) throws -> [Headline] {
    let condition: SQL = hidden.isEmpty ? "" : "WHERE record_type NOT IN \(SQL.list(hidden))"
    return try db.all(
      """
      SELECT at, coalesce(actor_id, ''), actor_name, action, record_type, record_id, record_name,
        EXISTS (SELECT 1 FROM records WHERE id = record_id)
      FROM activity \(condition) ORDER BY at DESC, seq DESC LIMIT \(count)
      """
    ) {
      Headline(
        at: $0.text(0), actorID: $0.text(1), actorName: $0.text(2), action: $0.text(3), recordType: $0.text(4), recordID: $0.text(5),
        recordName: $0.text(6), recordExists: $0.bool(7))
    }
  }

  /// A record's entries, newest first.
  package static func entries(of type: String, _ id: RecordID, before seq: Int?, limit: Int, in db: Database) throws -> [Entry] {
    try db.all(
      """
      SELECT seq, at, actor_name, action, changes, before IS NOT NULL AND \(raw: ofRecord), \(raw: Batch.source) FROM activity
      WHERE record_type = \(type) AND record_id = \(id) AND seq < \(seq ?? Int.max) ORDER BY seq DESC LIMIT \(limit)
      """
    ) {
      Entry(
        seq: $0.int(0), at: $0.text(1), actorName: $0.text(2), action: $0.text(3), changes: Change.list($0.text(4)),
        isRevertible: $0.bool(5), source: Batch.source($0, at: 6))
    }
  }
}

/// An entry on the way back.
package struct ActivityStep: Sendable {
  let batch: Int
  package let seq: Int
  package let action: String
  package let record: RecordID
  let name: String
  package let changes: [Change]
  /// What was there before, as the act kept it; empty if it kept nothing.
  package let before: String

  /// Entries of the same record that have come since: beside this import, and other imports that were undone.
  package var changesSince: SQL {
    """
    seq > \(seq) AND (batch IS NULL OR batch <> \(batch)
      AND NOT EXISTS (SELECT 1 FROM batches b WHERE b.undoes = activity.batch OR b.id = activity.batch AND b.undoes IS NOT NULL))
    """
  }
}

/// How an action reads on an Events tab.
package struct ActionLabel: Sendable {
  let action: String
  package let label: String
  let icon: String

  package init(action: String, label: String, icon: String) {
    self.action = action
    self.label = label
    self.icon = icon
  }
}

/// The labels of all features. An action that nobody has labelled is still readable.
package struct ActionLabels: Sendable {
  private let byAction: [String: ActionLabel]
  /// In the order of the features.
  let all: [ActionLabel]

  init(_ labels: [ActionLabel]) {
    all = labels
    byAction = Dictionary(labels.map { ($0.action, $0) }) { first, _ in first }
  }

  package subscript(_ action: String) -> ActionLabel {
    if let known = byAction[action] { return known }
    let words = action.split(whereSeparator: { $0 == "." || $0 == "_" }).joined(separator: " ")
    return ActionLabel(action: action, label: words.prefix(1).uppercased() + words.dropFirst(), icon: "dot")
  }
}
