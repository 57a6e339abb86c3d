import Admin
import Base
import Store

/// Interactions that come from files, and how they are taken back.
extension InteractionActs {
  /// Logs what a file tells, or writes over what an earlier file told by the same id. What files don't tell stays.
  static func bring(
    _ details: InteractionDetails, externalID: String?, overwriting: Bool, to record: RecordHeader, line: Int, _ act: ActContext
  ) throws -> Written {
    func refusal(_ reason: String) -> ImportProblem { ImportProblem(line: line, reason: reason) }
    guard let known = try externalID.flatMap({ try InteractionStore.find(externalID: $0, in: act.db) }) else {
      let (id, _) = try InteractionStore.insert(details, of: record.id, externalID: externalID, act)
      _ = try act.done(
        "interaction.logged", id, on: record, Change.between([], details.texts([])), before: InteractionBefore(id).text)
      return .created
    }
    guard known.anchor == record.id, let stored = try InteractionStore.find(known.id, of: record.id, in: act.db) else {
      throw ImportProblem.otherAnchor(line)
    }
    var wanted = stored.details
    (wanted.type, wanted.subject, wanted.body, wanted.minutes) = (details.type, details.subject, details.body, details.minutes)
    if wanted.occurredAt != details.occurredAt { (wanted.occurredAt, wanted.zone) = (details.occurredAt, details.zone) }
    if wanted == stored.details { return .unchanged }
    if stored.isDeleted { throw refusal("this interaction has been deleted; restore it first") }
    if !overwriting, let name = try InteractionStore.editor(of: stored.id, on: record.id, in: act.db) {
      throw refusal("\(name) has changed this interaction; --overwrite writes over it")
    }
    return try write(wanted, over: stored, on: record, act) ? .changed : .unchanged
  }

  /// Takes back what an import did to an interaction, unless it has changed since.
  static func takeBack(_ step: ActivityStep, of record: RecordHeader, _ act: ActContext) throws -> ImportTarget.TakenBack {
    guard let former = InteractionBefore(step.before), let stored = try InteractionStore.find(former.id, of: record.id, in: act.db),
      !stored.isDeleted
    else { return .nothing }
    let isLeft = try act.db.value(
      """
      SELECT 1 FROM activity WHERE record_type = \(record.type.name) AND record_id = \(record.id) AND \(step.changesSince)
        AND substr(before, 1, \(InteractionBefore.start(former.id).count)) = \(InteractionBefore.start(former.id)) LIMIT 1
      """)
    if isLeft != nil || record.isTrashed { return .left }
    guard step.action == "interaction.logged" else {
      return try former.details.map { try write($0, over: stored, on: record, act) ? .putBack : .nothing } ?? .nothing
    }
    let texts = stored.details.texts(try PartyStore.of(stored.seq, in: act.db))
    guard try InteractionStore.remove(stored.seq, in: act.db) else { return .left }
    _ = try act.done(
      "interaction.deleted", stored.id, on: record, Change.between(texts, texts.map { FieldText(field: $0.field, text: "") }))
    return .deleted
  }

  private static func write(_ wanted: InteractionDetails, over stored: Interaction, on record: RecordHeader, _ act: ActContext) throws
    -> Bool
  {
    let parties = try PartyStore.of(stored.seq, in: act.db)
    let changes = Change.between(stored.details.texts(parties), wanted.texts(parties))
    if changes.isEmpty { return false }
    try InteractionStore.update(stored.seq, wanted, act)
    return try act.done(
      "interaction.updated", stored.id, on: record, changes, before: InteractionBefore(stored.id, stored.details).text
    ).hasChanged
  }
}
