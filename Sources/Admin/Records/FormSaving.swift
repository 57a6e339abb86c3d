import Base
import Store
import Web

/// A posted form of a record, or of one of its facts, with the record as it is now and as it was when the form was made.
struct FormSaving {
  let type: RecordType
  private(set) var record: Record
  private(set) var base: RecordBase
  var form: RecordForm
  private let load: (Database) throws -> Record

  /// `inputs` are all of the form, given the record.
  init(_ context: RequestContext, _ type: RecordType, load: @escaping (Database) throws -> Record, inputs: (Record) throws -> FormFields)
    throws
  {
    let version = try context.form()["version"].flatMap { Int($0) }
    (record, base) = try context.store.read { db in
      let record = try load(db)
      return (record, try RecordBase(of: record, at: version ?? record.version, in: db))
    }
    (self.type, self.load) = (type, load)
    form = RecordForm(try inputs(record), of: type, over: record, since: base, in: context.formats)
    try context.stageFiles(of: &form)
  }

  enum Answer {
    /// Somebody has to choose first.
    case choice(ConflictPage)
    case outcome(Outcome, Message)
  }

  /// Brings the form together with what others have saved since.
  private mutating func merge(_ context: RequestContext, action: String) -> ConflictPage? {
    let merge = Merge(form.values, since: base, into: record)
    form = form.merged(merge, into: record, in: context.formats)
    if merge.conflicts.isEmpty { return nil }
    return ConflictPage(form: form, record: record, conflicts: merge.conflicts, base: base, action: action)
  }

  /// The same for a preview before saving.
  mutating func compare(_ context: RequestContext, action: String) -> ConflictPage? {
    if let page = merge(context, action: action) { return page }
    context.flash = base.notice(type, for: context).map { Flash($0) }
    return nil
  }

  mutating func save(_ context: RequestContext, action: String) throws -> Answer {
    let (type, id) = (type, record.id)
    return try save(context, action: action, saying: Message("{name} saved.", ["name": type.name(form.values)])) { form, act in
      try type.save(form.values, over: id, from: form.version, act)
    }
  }

  mutating func save(
    _ context: RequestContext, action: String, saying saved: Message, by act: (RecordForm, ActContext) throws -> Outcome
  ) throws -> Answer {
    while true {
      let others = base.authors.isEmpty ? nil : base.notice(type, for: context)
      if let page = merge(context, action: action) { return .choice(page) }
      let outcome = try context.act(with: &form) { form, context in try act(form, context) }
      guard case .conflict = outcome else {
        guard let others else { return .outcome(outcome, saved) }
        return .outcome(outcome, Message("{saved} {notice}", ["saved": context.text(saved), "notice": context.text(others)]))
      }
      // Somebody was quicker in this very moment.
      (record, base) = try context.store.read { db in
        let record = try load(db)
        return (record, try RecordBase(of: record, at: form.version, in: db))
      }
    }
  }
}
