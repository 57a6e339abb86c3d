package import Base
import Store
import Web

/// What programs do with the records of a type: the lists and acts that its pages use.
struct RecordOperations: Sendable {
  let type: RecordType
  private let whole: RecordJSON

  init(_ type: RecordType) {
    self.type = type
    whole = RecordJSON(type)
  }

  private var path: String { "/" + type.list.name }

  var all: [APIOperation] {
    let (name, shape) = (type.list.name, JSONShape.named(type.apiName))
    let record = path + "/{id}"
    return [
      APIOperation(
        .get, path, id: name + "_list", group: name, "List and search", access: .see(type.resource), parameters: listParameters,
        output: (200, .named(type.apiName + "List")), .read(list)),
      APIOperation(
        .post, path, id: name + "_create", group: name, "Create", access: .write(type.resource), parameters: [.idempotencyKey],
        input: type.jsonInput, output: (201, shape), .write(create)),
      APIOperation(
        .get, record, id: name + "_read", group: name, "Read", access: .see(type.resource), parameters: [fieldsParameter],
        output: (200, shape), .read(read)),
      APIOperation(
        .patch, record, id: name + "_update", group: name, "Change", access: .write(type.resource),
        parameters: [.ifMatch, .idempotencyKey], input: type.jsonChanges, output: (200, shape), .write(update)),
      APIOperation(
        .delete, record, id: name + "_trash", group: name, "Move to trash", access: .write(type.resource),
        parameters: [.ifMatch, .idempotencyKey], output: (204, nil), .write(trash)),
      APIOperation(
        .post, record + "/restore", id: name + "_restore", group: name, "Restore from trash", access: .write(type.resource),
        parameters: [.ifMatch, .idempotencyKey], output: (200, shape), .write(restore)),
    ]
  }

  /// The parts of the document that they name.
  var shapes: [(name: String, shape: JSONShape)] {
    [
      (type.apiName, type.jsonShape),
      (
        type.apiName + "List",
        .object([
          .init("items", .list(.named(type.apiName))),
          .init("next", .optional(.text()), note: "The address of the next page; null on the last one."),
        ])
      ),
    ]
  }

  // MARK: Reading

  private var fieldsParameter: APIOperation.Parameter {
    .init("fields", .list(.choice(type.fields.map(\.name))), "Comma-separated field names. Default: all fields.")
  }

  private var listParameters: [APIOperation.Parameter] {
    let list = type.list
    let sorts = list.columns.filter { $0.sort != nil }.map(\.id)
    let asked = list.fields.filter { $0.parameter != nil }
    return [
      .init("q", .text(atMost: 200), "Words to search for."),
      .init("sort", .choice(sorts + sorts.map { "-" + $0 }), "Field to sort by; prefix with - for descending order."),
      .init("status", .choice(list.tabs.map(\.id)), "Default: everything except the trash."),
      .init(
        "filter", .text(atMost: 2_000), "Conditions, as the address of the list’s page has them: city is Athens and birthday is_empty."),
    ] + asked.compactMap { field in field.parameter.map { .init($0, .text(atMost: 255), "Those that have it.") } } + [
      .init("after", .text(atMost: 2_000), "Where the page begins: from the “next” of the page before."),
      .init("per_page", .choice(ListState.pageSizes.map(String.init)), "Rows on a page: 50 without it."), fieldsParameter,
    ]
  }

  @Sendable private func list(_ context: RequestContext, _ db: Database) throws -> APIAnswer {
    let list = type.list
    var state = try context.listState(of: list)
    let json = try chosen(context)
    let reach = try context.reach
    let query = try ListQuery(
      list: list, state: state, columns: json.columns, scope: try context.scope(of: list.resource), reach: reach,
      moment: context.filterMoment, in: db)
    // Rows come in order, but for a page that is read backwards, and one more than the page has: what each has written is kept as a range.
    var rows: [UInt8] = []
    rows.reserveCapacity(state.perPage * 1_000)
    let page = try query.page(in: db) { row in
      let start = rows.count
      json.write(row, to: &rows)
      return start..<rows.count
    }
    var body = Array("{\"items\":[".utf8)
    body.reserveCapacity(rows.count + 500)
    for (index, range) in page.items.enumerated() {
      if index > 0 { body.append(UInt8(ascii: ",")) }
      body += rows[range]
    }
    body += "],\"next\":".utf8
    guard page.hasNext, let last = page.last else {
      body += "null}".utf8
      return APIAnswer(body: body)
    }
    state.position = .after(last)
    // The address has a question mark already: it says after which row the page begins.
    let next = state.url(APIOperation.root + path) + (context.query["fields"].map { "&fields=" + PercentEncoding.encode($0) } ?? "")
    JSON.string(next).write(to: &body)
    body.append(UInt8(ascii: "}"))
    return APIAnswer(body: body).with("Link", "<\(next)>; rel=\"next\"")
  }

  private func chosen(_ context: RequestContext) throws -> RecordJSON {
    guard let asked = context.query["fields"] else { return whole }
    return RecordJSON(type, fields: asked.split(separator: ",").map(String.init))
  }

  @Sendable private func read(_ context: RequestContext, _ db: Database) throws -> APIAnswer {
    let record = try load(context, db)
    return APIAnswer(body: try chosen(context).json(record, within: try context.reach, in: db)).tagged(record.version)
  }

  private func load(_ context: RequestContext, _ db: Database) throws -> Record {
    guard let record = try RecordStore.find(try context.id(), of: type, try context.scope(of: type.resource), in: db) else {
      throw HTTPError.notFound
    }
    return record
  }

  // MARK: Writing

  /// Who makes a record owns it, as in a form, unless they say otherwise.
  @Sendable private func create(_ context: RequestContext, _ sent: JSON, _ act: ActContext) throws -> APIAnswer {
    var faults: [APIProblem.Fault] = []
    let values = type.fields.map { field -> FieldValue in
      if field.isReadOnly { return .empty }
      if sent[field.name] == nil, field.name == type.ownerField?.name { return FieldValue(act.actor.id ?? "") }
      return parse(sent[field.name], field, &faults)
    }
    if !faults.isEmpty { throw APIProblem(.invalid, faults: faults) }
    return try answer(try type.create(values, act), context, act, status: 201)
  }

  /// Changes what is sent. From a named version what others have changed since is merged; without one, the latest is meant.
  @Sendable private func update(_ context: RequestContext, _ sent: JSON, _ act: ActContext) throws -> APIAnswer {
    let stored = try load(context, act.db)
    try checkMatch(stored, context, act)
    let from = sent["version"]?.int ?? stored.version
    guard from <= stored.version else {
      throw APIProblem(.invalid, faults: [.init("/version", Message("This version doesn’t exist."))])
    }
    let base = try RecordBase(of: stored, at: from, in: act.db)
    var faults: [APIProblem.Fault] = []
    let reach = try context.reach
    let wanted = try type.fields.enumerated().map { index, field -> FieldValue in
      let before = base.values?[index] ?? stored.values[index]
      guard !field.isReadOnly, let json = sent[field.name] else { return before }
      // What is there already isn't judged again.
      if json == field.kind.json(stored.values[index]) { return stored.values[index] }
      let seen = try field.kind.visible(before, within: reach, in: act.db)
      if seen.isSame(as: before) { return parse(json, field, &faults) }
      // What is sent back as it was read changes nothing, seen or not.
      if json == field.kind.json(seen) { return before }
      return field.kind.keepingHidden(of: before, seen: seen, in: parse(json, field, &faults))
    }
    if !faults.isEmpty { throw APIProblem(.invalid, faults: faults) }
    let outcome = try type.save(wanted, over: stored.id, from: from, act)
    if case .conflict = outcome {
      let merge = Merge(wanted, since: base, into: stored)
      var problem = APIProblem(
        .conflict, Message("Somebody else has changed the same fields. Read the record again."),
        faults: merge.conflicts.map { .init("/" + $0.name, Message("Changed by somebody else.")) })
      problem.current = try current(stored, context, act.db)
      throw problem
    }
    return try answer(outcome, context, act)
  }

  @Sendable private func trash(_ context: RequestContext, _: JSON, _ act: ActContext) throws -> APIAnswer {
    let stored = try load(context, act.db)
    try checkMatch(stored, context, act)
    _ = try type.trash(stored.header, act).id(of: type)
    return .done
  }

  @Sendable private func restore(_ context: RequestContext, _: JSON, _ act: ActContext) throws -> APIAnswer {
    let stored = try load(context, act.db)
    try checkMatch(stored, context, act)
    return try answer(try type.restore(stored.header, act), context, act)
  }

  /// What isn't sent is as in a new form.
  private func parse(_ json: JSON?, _ field: Field, _ faults: inout [APIProblem.Fault]) -> FieldValue {
    do throws(InvalidValue) {
      let value = if let json { try field.kind.parse(json: json) } else { try field.kind.parse("") }
      if value.isEmpty, let missing = field.missing { throw InvalidValue(Message(missing)) }
      return value
    } catch {
      faults.append(.init("/" + field.name, error.message))
      return .empty
    }
  }

  private func checkMatch(_ stored: Record, _ context: RequestContext, _ act: ActContext) throws {
    try context.checkMatch(version: stored.version) { try current(stored, context, act.db) }
  }

  private func current(_ record: Record, _ context: RequestContext, _ db: Database) throws -> JSON {
    try JSON(parsing: String(decoding: whole.json(record, within: try context.reach, in: db), as: UTF8.self))
  }

  private func answer(_ outcome: Outcome, _ context: RequestContext, _ act: ActContext, status: Int = 200) throws -> APIAnswer {
    let id = try outcome.id(of: type)
    guard let record = try type.record(id, in: act.db) else { throw HTTPError.notFound }
    let answer = APIAnswer(body: try whole.json(record, within: try context.reach, in: act.db), status: status).tagged(record.version)
    return status == 201 ? answer.with("Location", APIOperation.root + path + "/" + id.text) : answer
  }
}

extension RequestContext {
  /// `If-Match` names the version that is meant; any other is refused with the present one.
  package func checkMatch(version: Int, showing current: () throws -> JSON? = { nil }) throws {
    let tag = "\"\(version)\""
    guard let wanted = request.headers["If-Match"], !ETag.matchesStrongly(wanted, tag) else { return }
    var problem = APIProblem(.changed, Message("It is at version {n} now.", ["n": String(version)]))
    problem.current = try current()
    throw problem.with("ETag", tag)
  }
}

extension Outcome {
  /// What it came to; throws what is wrong. `type` knows to which field an input belongs.
  package func id(of type: RecordType?) throws -> RecordID {
    switch self {
    case .done(let id, _), .unchanged(let id): return id
    case .invalid(let errors): throw APIProblem(errors, of: type)
    case .conflict: throw APIProblem(.conflict)
    }
  }
}

extension APIProblem {
  /// What is wrong with a form's inputs, as what is wrong with a document's values.
  package init(_ errors: ValidationErrors, of type: RecordType?, names: [String: String] = [:]) {
    self.init(
      .invalid, errors[""],
      faults: errors.order.filter { !$0.isEmpty }.compactMap { input in
        errors[input].map { Fault(type.flatMap { Self.pointer(input, of: $0) } ?? "/" + (names[input] ?? input), $0) }
      })
  }

  /// `channel-0` is the first row of the field whose rows are called so.
  private static func pointer(_ input: String, of type: RecordType) -> String? {
    if type.field(input) != nil { return "/" + input }
    for field in type.fields {
      if let rows = field.kind as? any RowsKind, input.hasPrefix(rows.row + "-"), let row = Int(input.dropFirst(rows.row.utf8.count + 1)) {
        return "/\(field.name)/\(row)"
      }
      if field.kind.inputs(field.name).all.contains(input) { return "/" + field.name }
    }
    return nil
  }
}

extension APIOperation.Parameter {
  package static let idempotencyKey = Self(
    IdempotentAnswers.header, .text(atLeast: 1, atMost: 255), "The same request with the same key is done once.", isHeader: true)
  package static let ifMatch = Self(
    "If-Match", .text(), "The ETag that was read: another version is refused with 412.", isHeader: true)
  package static let after = Self("after", .text(atMost: 2_000), "Where the page begins: from the “next” of the page before.")
}
