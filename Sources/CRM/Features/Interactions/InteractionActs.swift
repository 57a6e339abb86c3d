import Admin
import Base
import Store

/// What is done with the interactions of a record, and who took part in them.
enum InteractionActs {
  /// Logs an interaction. It continues another of the same record if that still exists.
  static func log(
    _ details: InteractionDetails, with people: [Party.Who], continuing former: RecordID? = nil, on record: RecordHeader,
    _ records: RecordTypes, _ act: ActContext
  ) throws -> Outcome {
    if record.isTrashed { return .inTrash(record, typed: true) }
    guard let parties = try PartyStore.freeze(people, on: record, records, act) else { return .invalid(missingPerson) }
    var details = details
    details.thread = try former.flatMap { try InteractionStore.thread(continuing: $0, of: record.id, in: act.db) }
    let (id, seq) = try InteractionStore.insert(details, of: record.id, act)
    try PartyStore.replace(of: seq, with: parties, in: act.db)
    return try act.done(
      "interaction.logged", id, on: record, Change.between([], details.texts(parties)), before: InteractionBefore(id).text)
  }

  /// Writes over the version that the form was made from. Of the files that are attached so far only those named stay attached.
  static func save(
    _ id: RecordID, as details: InteractionDetails, with people: [Party.Who], keeping attachments: [RecordID], from version: Int,
    on record: RecordHeader, _ records: RecordTypes, _ act: ActContext
  ) throws -> Outcome {
    if record.isTrashed { return .inTrash(record, typed: true) }
    guard let stored = try InteractionStore.find(id, of: record.id, in: act.db), stored.version == version, !stored.isDeleted else {
      return .conflict
    }
    let before = try PartyStore.of(stored.seq, in: act.db)
    guard let parties = try PartyStore.freeze(people, before, on: record, records, act) else { return .invalid(missingPerson) }
    let files = try FileStore.of([stored.seq], in: act.db)[stored.seq] ?? []
    let kept = files.filter { attachments.contains($0.id) }
    let changes = Change.between(stored.details.texts(before) + [names(files)], details.texts(parties) + [names(kept)])
    if changes.isEmpty { return .unchanged(id) }
    try InteractionStore.update(stored.seq, details, act)
    try PartyStore.replace(of: stored.seq, with: parties, in: act.db)
    for file in files where !attachments.contains(file.id) { try FileStore.detach(file.id, from: stored.seq, in: act.db) }
    return try act.done("interaction.updated", id, on: record, changes, before: InteractionBefore(id, stored.details).text)
  }

  /// Files with the record what came along, and attaches it.
  static func attach(_ arrival: MediaLibrary.Arrival, to interaction: RecordID, of record: RecordHeader, _ act: ActContext) throws {
    _ = try FileActs.add(arrival, to: .files, of: record, act)
    try FileStore.attach(arrival.id, to: interaction, in: act.db)
  }

  static func delete(_ interaction: Interaction, of record: RecordHeader, _ act: ActContext) throws -> Outcome {
    try set(isDeleted: true, interaction, of: record, undo: "\(record.href)/interactions/\(interaction.id.text)/restore", act)
  }

  static func restore(_ interaction: Interaction, of record: RecordHeader, _ act: ActContext) throws -> Outcome {
    try set(isDeleted: false, interaction, of: record, undo: nil, act)
  }

  /// What is gone is in the history, word by word.
  private static func set(
    isDeleted: Bool, _ interaction: Interaction, of record: RecordHeader, undo: String?, _ act: ActContext
  ) throws -> Outcome {
    if record.isTrashed { return .inTrash(record) }
    guard try InteractionStore.setDeleted(isDeleted, interaction.seq, act) else { return .unchanged(interaction.id) }
    let texts = interaction.details.texts(try PartyStore.of(interaction.seq, in: act.db))
    let changes = isDeleted ? Change.between(texts, texts.map { FieldText(field: $0.field, text: "") }) : Change.between([], texts)
    let action = isDeleted ? "interaction.deleted" : "interaction.restored"
    return try act.done(action, interaction.id, on: record, changes, before: InteractionBefore(interaction.id).text, undo: undo)
  }

  private static func names(_ files: [MediaFile]) -> FieldText {
    FieldText(field: "file", text: files.map(\.name).joined(separator: "\n"))
  }

  private static var missingPerson: ValidationErrors {
    ValidationErrors("party_text", Message("A participant no longer exists. Choose them again."))
  }
}
