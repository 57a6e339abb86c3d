package import Base
import Store
package import Web

/// Where a record comes from, if not from here: its id, if it had one that fits, what it was called there, and its times.
package struct RecordOrigin: Sendable {
  var id: RecordID?
  var externalID: String?
  var createdAt: Timestamp?
  var updatedAt: Timestamp?
}

/// Creating and saving a record: the same for forms, files, the demo and putting back.
extension RecordType {
  /// Makes a record and its activity entry. The entry of one that comes in a batch doesn't repeat what the record says itself. Values that are `known`,
  /// since another record has them, aren't looked up again.
  package func create(
    _ values: [FieldValue], note: String = "", from origin: RecordOrigin? = nil, known: [FieldValue]? = nil, _ act: ActContext
  ) throws -> Outcome {
    var (values, errors) = try resolve(values, over: known ?? blank, act)
    for (index, field) in fields.enumerated() where field.isReadOnly && values[index].isEmpty {
      values[index] = (try? field.kind.parse("")) ?? .empty
    }
    if errors.isEmpty { errors = try derive?(&values, nil, act) ?? errors }
    if errors.isEmpty { errors = try self.errors(.create(values), act) }
    guard errors.isEmpty else { return .invalid(errors) }
    try whenNew?(&values, act)
    let id = origin?.id ?? RecordID.make(at: origin?.createdAt ?? act.now)
    try RecordStore.insert(id, values, of: self, note: note, from: origin, act)
    for (field, value) in zip(fields, values) { try field.kind.save(value, for: id, act) }
    let changes = act.batch == nil ? values.changes(from: blank, of: self) : []
    try Activity.record(name + ".created", type: name, id: id, name: name(values), changes: changes, version: 1, act)
    // There is nothing to go back to before the first version.
    return .done(id)
  }

  /// Saves what a form made of a version of the record. What others have changed since stays, unless both sides changed the same field.
  /// `action` is what the history calls it.
  package func save(_ wanted: [FieldValue], over id: RecordID, from version: Int, as action: String = "updated", _ act: ActContext) throws
    -> Outcome
  {
    guard let stored = try RecordStore.find(id, of: self, .all, in: act.db) else { throw HTTPError.notFound }
    if stored.isTrashed { return .inTrash(stored.header, typed: true) }
    let merge = Merge(wanted, since: try RecordBase(of: stored, at: version, in: act.db), into: stored)
    guard merge.conflicts.isEmpty else { return .conflict }
    return try write(merge.values, over: stored, as: action, act)
  }

  /// Sets fields, those too that no form changes: what acts of the product do to their records. What takes it back is an act of its own.
  package func set(_ values: [String: FieldValue], of stored: Record, as action: String, _ act: ActContext) throws -> Outcome {
    if stored.isTrashed { return .inTrash(stored.header) }
    var wanted = stored.values
    for (name, value) in values { if let index = index(of: name) { wanted[index] = value } }
    let outcome = try write(wanted, over: stored, as: action, act)
    if case .done(let id, _) = outcome { return .done(id) }
    return outcome
  }

  private func write(_ wanted: [FieldValue], over stored: Record, as action: String, _ act: ActContext) throws -> Outcome {
    let id = stored.id
    var act = act
    act.record = id
    var (values, errors) = try resolve(wanted, over: stored.values, act)
    if errors.isEmpty, values.isChanged(from: stored.values) { errors = try derive?(&values, stored, act) ?? errors }
    guard errors.isEmpty else { return .invalid(errors) }
    let changes = values.changes(from: stored.values, of: self)
    guard !changes.isEmpty else { return .unchanged(id) }
    let objections = try self.errors(.save(stored, to: values), act)
    guard objections.isEmpty else { return .invalid(objections) }
    try RecordStore.update(stored, to: values, act)
    for (field, (value, old)) in zip(fields, zip(values, stored.values)) where !value.isSame(as: old) {
      try field.kind.save(value, for: id, act)
    }
    let entry = try Activity.record(
      "\(name).\(action)", type: name, id: id, name: name(values), changes: changes,
      before: Revert.stored(posted(stored.values, .exact, whole: true), changes, of: self), version: stored.version + 1, act)
    return .done(id, undo: path(of: id.text) + "/events/\(entry)/revert")
  }

  /// What saving these values would come to, without doing it.
  package func preview(_ values: [FieldValue], over stored: Record?, _ act: ActContext) throws -> (
    values: [FieldValue], errors: ValidationErrors
  ) {
    var (values, errors) = try resolve(values, over: stored?.values ?? blank, act)
    // What was refused isn't looked into either.
    if errors.isEmpty { errors.add(try derive?(&values, stored, act) ?? ValidationErrors()) }
    return (values, errors)
  }

  /// No value in any field.
  var blank: [FieldValue] { fields.map { _ in .empty } }

  /// The inputs as a form would post these values; `whole` with those of fields that no form changes.
  package func posted(_ values: [FieldValue], _ formats: Formats, whole isWhole: Bool = false) -> FormFields {
    FormFields(zip(fields, values).flatMap { isWhole || !$0.isReadOnly ? $0.kind.posted($1, $0.name, formats) : [] })
  }

  private func resolve(_ values: [FieldValue], over stored: [FieldValue], _ act: ActContext) throws -> ([FieldValue], ValidationErrors) {
    var values = values
    var errors = ValidationErrors()
    for (index, field) in fields.enumerated() where !values[index].isSame(as: stored[index]) {
      switch try field.kind.resolve(values[index], over: stored[index], act) {
      case .value(let value):
        values[index] = value
        if try isTaken(value, of: field, act) { errors.add(field.name, Message("Another record already uses this value.")) }
      case .errors(let found): for error in found { errors.add(error.input.isEmpty ? field.name : error.input, error.message) }
      }
    }
    return (values, errors)
  }

  /// Whether another record has a value that no two may have.
  private func isTaken(_ value: FieldValue, of field: Field, _ act: ActContext) throws -> Bool {
    guard field.isUnique, !value.isEmpty, let column = field.listField(of: table)?.place else { return false }
    let other = try act.db.value(
      """
      SELECT 1 FROM \(raw: table) WHERE lower(\(raw: column.column)) = lower(\(field.kind.stored(value)[0])) AND \(column.isNotEmpty)
        AND id <> \(act.record?.text ?? "") LIMIT 1
      """)
    return other != nil
  }
}
