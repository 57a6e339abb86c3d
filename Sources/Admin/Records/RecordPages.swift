import Base
import Store
import Templating
import Web

/// The pages of a record of any type: show, new, edit, what their forms post to, and the type-ahead.
struct RecordPages: Sendable {
  let type: RecordType

  var routes: [Route] {
    let record = type.path + "/{id}"
    return [
      .get(type.path + "/new", .write(type.resource), effort: .read, new),
      .get(type.path + "/suggestions.json", .see(type.resource), suggest),
      .get(type.path + "/existing.json", .see(type.resource), existing),
      .post(type.path, .write(type.resource), effort: type.formEffort, draft: createDraft, create),
      .get(record, .see(type.resource), effort: .read, show),
      .get(record + "/edit", .write(type.resource), effort: .read, edit),
      .post(record, .write(type.resource), effort: type.formEffort, draft: saveDraft, save),
      .post(record + "/events/{entry}/revert", .write(type.resource), revert),
    ]
  }

  private static let suggestionLimit = 8

  @Sendable private func suggest(_ context: RequestContext) throws -> Response {
    let q = TextNormalizing.start(of: context.query["q"] ?? "", 200)
    let (scope, reach) = (try context.scope(of: type.resource), try context.reach)
    let found = try context.store.read { db in
      try Suggestion.find(
        q, in: type.list, details: type.suggestionDetails, scope: scope, reach: reach, limit: Self.suggestionLimit, in: db)
    }
    let items = found.map { JSON.object(["id": .string($0.id), "name": .string($0.name), "detail": .string($0.detail)]) }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }

  /// Whose an e-mail address or a phone number is that somebody types.
  @Sendable private func existing(_ context: RequestContext) throws -> Response {
    let address = TextNormalizing.clean(TextNormalizing.start(of: context.query["q"] ?? "", 200))
    let items = try reached(by: address, context).map {
      JSON.object(["name": .string($0.name), "detail": .string($0.detail), "href": .string(type.path(of: $0.id))])
    }
    return .json(Array(JSON.object(["items": .array(items)]).text.utf8))
  }

  private func reached(by address: String, _ context: RequestContext) throws -> [Suggestion] {
    let (scope, reach) = (try context.scope(of: type.resource), try context.reach)
    return try context.store.read { db in
      // The index knows words; whether they are just this address, the record itself tells.
      let found = try Suggestion.reached(
        by: address, in: type.list, details: type.suggestionDetails, scope: scope, reach: reach, limit: 20, in: db)
      return try Array(found.filter { try has(address, $0, scope, db) }.prefix(3))
    }
  }

  private func has(_ address: String, _ candidate: Suggestion, _ scope: Scope, _ db: Database) throws -> Bool {
    guard let id = RecordID(candidate.id), let record = try RecordStore.find(id, of: type, scope, in: db) else { return false }
    return zip(type.fields, record.values).contains { field, value in
      field.kind.addresses(value).contains { PhoneWords.isSame($0, address) || $0.contains("@") && $0.lowercased() == address.lowercased() }
    }
  }

  /// Says of a new record that another has one of its addresses: it may have been there already.
  private func saved(_ outcome: Outcome, _ form: RecordForm, _ context: RequestContext) throws -> Message {
    var name = type.name(form.values)
    if case .done(let id, _) = outcome {
      // A record that gets its name as it is made, as documents get their number.
      if name.isEmpty { name = try context.store.read { db in try type.header(id, .all, db)?.name } ?? "" }
      for address in zip(type.fields, form.values).flatMap({ $0.kind.addresses($1) }) {
        if let other = try reached(by: address, context).first(where: { $0.id != id.text }) {
          return Message("{name} saved. {other} already has {address}.", ["name": name, "other": other.name, "address": address])
        }
      }
    }
    return Message("{name} saved.", ["name": name])
  }

  @Sendable func show(_ context: RequestContext) throws -> Response { try show(context, noteProblem: nil) }

  /// `noteProblem` is what speaks against the note that was posted, which is shown again.
  func show(_ context: RequestContext, noteProblem: Message?) throws -> Response {
    try context.store.read { db in
      let record = try load(context, in: db)
      try context.noteViewed(record.id)
      let page = RecordShowPage(record: record, noteProblem: noteProblem)
      return try context.page("records/show", try page.data(for: context, in: db), status: noteProblem == nil ? 200 : 422)
    }
  }

  /// What the address says of fields is filled in; who makes a record owns it until they choose otherwise.
  @Sendable private func new(_ context: RequestContext) throws -> Response {
    let query = context.query.fields.filter { $0.value.utf8.count <= 255 }
    var values = type.blank
    var others: Set<String> = []
    for (index, field) in type.fields.enumerated() {
      if field.isReadOnly { continue }
      let inputs = field.kind.inputs(field.name)
      if inputs.single.first == field.name, let given = query.first(where: { $0.name == field.name }),
        let value = try? field.kind.parse(TextNormalizing.clean(given.value))
      {
        values[index] = value
      } else {
        if field.name == type.ownerField?.name { values[index] = FieldValue(try context.user.id.text) }
        others.formUnion(inputs.all)
      }
    }
    let principal = Principal(try context.user)
    values = try context.store.read { db in try type.named(values, over: type.blank, context.act(in: db, as: principal)) }
    let fields = type.posted(values, context.formats).fields.filter { !$0.value.isEmpty } + query.filter { others.contains($0.name) }
    return try page(context, RecordForm(new: type, FormFields(fields)))
  }

  @Sendable private func create(_ context: RequestContext) throws -> Response {
    var form = RecordForm(try context.form(), of: type, in: context.formats)
    try context.stageFiles(of: &form)
    if let changed = form.withRowsChanged { return try page(context, changed) }
    guard form.errors.isEmpty else { return try page(context, form, status: 422) }
    let outcome = try context.act(with: &form) { form, act in try type.create(form.values, note: form.note, act) }
    return try answer(context, outcome, form, record: nil, try saved(outcome, form, context))
  }

  @Sendable private func createDraft(_ context: RequestContext) throws -> Response {
    try page(context, RecordForm(try context.form(), of: type, in: context.formats))
  }

  @Sendable private func edit(_ context: RequestContext) throws -> Response {
    try context.store.read { db in
      let record = try load(context, in: db)
      return try page(context, RecordForm(record, in: context.formats), record: record)
    }
  }

  @Sendable private func save(_ context: RequestContext) throws -> Response {
    var saving = try posted(context)
    let record = saving.record
    if let changed = saving.form.withRowsChanged { return try page(context, changed, record: record) }
    guard saving.form.version > 0 else {
      throw HTTPError.badRequest(Message("This form is missing its version. Open it again."))
    }
    if record.isTrashed { saving.form.errors.add("", .inTrash(record.name)) }
    guard saving.form.errors.isEmpty else { return try page(context, saving.form, record: record, status: 422) }
    if saving.form.form["review"] != nil { return try page(context, saving.form, record: record, isChanged: true) }
    // Asked for by the notice that the record has changed.
    if saving.form.form["compare"] != nil {
      if let conflict = saving.compare(context, action: context.path) { return try conflict.response(for: context) }
      return try page(context, saving.form, record: record, isChanged: true)
    }
    switch try saving.save(context, action: context.path) {
    case .choice(let conflict): return try conflict.response(for: context)
    case .outcome(let outcome, let message): return try answer(context, outcome, saving.form, record: saving.record, message)
    }
  }

  private func posted(_ context: RequestContext) throws -> FormSaving {
    try FormSaving(context, type) { db in
      try load(context, in: db)
    } inputs: { record in
      try context.form().filling(lockedOf: record, in: context.formats)
    }
  }

  @Sendable private func saveDraft(_ context: RequestContext) throws -> Response {
    let saving = try posted(context)
    return try page(context, saving.form, record: saving.record, isChanged: true)
  }

  /// Puts the fields of an earlier change back. Where they have changed again since, both versions are shown first: not to somebody who may not read them.
  @Sendable private func revert(_ context: RequestContext) throws -> Response {
    let (record, entry) = try context.store.read { db in
      let record = try load(context, in: db)
      return (record, try context.revertible(type, record.id, in: db))
    }
    let href = type.path(of: record.id.text)
    if record.isTrashed { return context.redirect(to: href, .restoreFirst(record.name)) }
    let present = RecordForm(record, in: .exact)
    var form = RecordForm(Revert.form(present.form, puttingBack: entry.before, entry.changes, of: type), of: type, over: record, in: .exact)
    form.version = record.version
    form.show(in: context.formats)
    if form.errors.isEmpty, form.values == present.values { return context.redirect(to: href + "/events", .isAsItWas) }
    let isShown = context.composition.shows(entry.changes, of: type, to: try context.historyReach)
    let refusal = Flash(Message("This can’t be undone here: it names records that you can’t see."), kind: .problem)
    guard form.errors.isEmpty else {
      return isShown ? try page(context, form, record: record, status: 422) : context.redirect(to: href + "/events", refusal)
    }
    let changed = entry.changes.compactMap { change in
      type.field(change.field).flatMap { $0.isReadOnly || $0.kind.history(record[$0.name]) == change.after ? nil : $0 }
    }
    guard changed.isEmpty else {
      guard isShown else { return context.redirect(to: href + "/events", refusal) }
      return try ConflictPage(
        form: form, record: record, conflicts: changed, base: RecordBase(record), action: type.path(of: record.id.text), isReversion: true
      ).response(for: context)
    }
    let outcome = try context.act { act in try type.save(form.values, over: record.id, from: record.version, as: "reverted", act) }
    if case .invalid = outcome, !isShown { return context.redirect(to: href + "/events", refusal) }
    return try answer(
      context, outcome, form, record: record, Message("{name} restored to the earlier version.", ["name": type.name(form.values)]))
  }

  private func answer(
    _ context: RequestContext, _ outcome: Outcome, _ form: RecordForm, record: Record?, _ message: Message
  ) throws -> Response {
    switch outcome {
    case .done(let id, _), .unchanged(let id): return context.redirect(to: type.path(of: id.text), Flash(message, undo: outcome.undo))
    case .invalid(let errors):
      var failed = form
      failed.errors = errors
      return try page(context, failed, record: record, status: 422)
    case .conflict: throw HTTPError.busy
    }
  }

  private func load(_ context: RequestContext, in db: Database) throws -> Record {
    let (id, scope) = (try context.id(), try context.scope(of: type.resource))
    return try context.load(in: db) { db in try RecordStore.find(id, of: type, scope, in: db) }
  }

  private func page(
    _ context: RequestContext, _ form: RecordForm, record: Record? = nil, isChanged: Bool = false, status: Int = 200
  ) throws -> Response {
    let page = RecordFormPage(form: form, record: record, isChanged: isChanged)
    // Some controls read, and so does the frame of the page: in one transaction.
    return try context.store.read { _ in try context.page("records/form", try page.data(for: context), status: status) }
  }
}
