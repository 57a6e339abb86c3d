import Admin
import Base
import Store
import Templating
import Web

/// The companies where a contact works, and as what. Kept in a table of their own; a company that is not there yet can be made along the way.
struct MembershipsField: RowsKind {
  let row = "membership"
  let rowInputs = [("company", ""), ("company_id", ""), ("role", ""), ("department", ""), ("membership_primary", "")]
    .map { (name: $0.0, blank: $0.1) }
  private static let creation = "create_company"
  private static let most = 50

  // MARK: Storage

  func columns(_ name: String) -> [String] { [] }

  func reads(_ name: String, of table: String) -> [String] { [Self.documents(of: table).text] }

  func reads(_ name: String, of table: String, within reach: RecordReach) -> [SQL]? {
    reach.condition(on: "target", of: .company).map { [Self.documents(of: table, seen: $0)] }
  }

  func value(_ row: borrowing Row, at offset: Int) -> FieldValue {
    (try? JSON(parsing: row.text(offset))).flatMap { try? parse(json: $0) } ?? .empty
  }

  func load(for record: RecordID, in db: Database) throws -> FieldValue? {
    Membership.value(try MembershipStore.of(contact: record, in: db))
  }

  var rows: (table: String, key: String)? { ("memberships", "contact_id") }

  func bulkField(in db: Database) throws -> (any BulkField)? { try MembershipLoad(db) }

  func save(_ value: FieldValue, for record: RecordID, _ act: ActContext) throws {
    let memberships = try Membership.list(value).map { membership in
      var membership = membership
      if membership.companyID.isEmpty { membership.companyID = try Self.create(membership.companyName, act) }
      return membership
    }
    try MembershipStore.replace(of: record, with: memberships, now: act.now, in: act.db)
  }

  private static func create(_ name: String, _ act: ActContext) throws -> String {
    let company = RecordType.company
    guard case .done(let id, _) = try company.create(try company.values(["name": name]), act) else {
      throw HTTPError.badRequest(.noCompany(name))
    }
    return id.text
  }

  // MARK: Text

  func history(_ value: FieldValue) -> String { Membership.list(value).map(\.text).joined(separator: "\n") }

  var historyNames: HistoryNames? { .records(of: .company) }

  /// As JSON: names may hold anything that could stand between the parts.
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    guard !text.isEmpty else { return .empty }
    let memberships = Membership.list(.text(text))
    guard !memberships.isEmpty, memberships.count <= Self.most, !memberships.contains(where: \.createsCompany) else {
      throw InvalidValue(Message("Use the format in which Roost exports this."))
    }
    for text in memberships.flatMap({ [$0.companyName, $0.role, $0.department] }) {
      if let problem = TextRules.problem(with: text, atMost: 255) { throw InvalidValue(problem) }
    }
    return Membership.value(memberships)
  }

  func json(_ value: FieldValue) -> JSON {
    .array(
      Membership.list(value).map {
        .object([
          "company": .object(["id": .string($0.companyID), "name": .string($0.companyName)]), "role": .string($0.role),
          "department": .string($0.department), "primary": .bool($0.isPrimary),
        ])
      })
  }

  /// The database has written it.
  func writeJSON(_ row: borrowing Row, at offset: Int, to out: inout [UInt8]) { row.withUTF8(offset) { out.append(contentsOf: $0) } }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue {
    if let text = json.string { return try parse(text) }
    let memberships = (json.array ?? []).enumerated().map { row, item in
      let company = item["company"] ?? .null
      let text = TextNormalizing.line(company["id"]?.string ?? company.string ?? "")
      // An id is an id; anything else is a company's name.
      let id = company["id"] == nil ? RecordID(text)?.text : text
      return Membership(
        companyName: id == nil ? text : "", companyID: id ?? "", role: TextNormalizing.line(item["role"]?.string ?? ""),
        department: TextNormalizing.line(item["department"]?.string ?? ""), isPrimary: item["primary"] == .bool(true), row: row)
    }
    return Membership.value(memberships)
  }

  var jsonShape: JSONShape {
    shape(.object([.init("id", .id), .init("name", .text())]), isInput: false)
  }

  /// A company is named by its id, alone or as it was read, or by its name.
  var jsonInput: JSONShape { shape(.either([.text(atLeast: 1, atMost: 255), .reference]), isInput: true) }

  private func shape(_ company: JSONShape, isInput: Bool) -> JSONShape {
    .list(
      .object([
        .init("company", company), .init("role", .text(atMost: 255), isRequired: !isInput),
        .init("department", .text(atMost: 255), isRequired: !isInput), .init("primary", .boolean, isRequired: !isInput),
      ]), atMost: Self.most)
  }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  func visible(_ value: FieldValue, within reach: RecordReach, in db: Database) throws -> FieldValue {
    guard let seen = reach.condition(on: "target", of: .company) else { return value }
    let visible = try Membership.list(value).filter {
      try $0.companyID.isEmpty || db.value("SELECT 1 FROM companies AS target WHERE target.id = \($0.companyID)\(seen)") != nil
    }
    return Membership.value(visible)
  }

  /// A main company that was chosen now takes the place of a hidden one.
  func keepingHidden(of stored: FieldValue, seen: FieldValue, in wanted: FieldValue) -> FieldValue {
    let mine = Membership.list(wanted)
    let known = Set((Membership.list(seen) + mine).map(\.companyID))
    var hidden = Membership.list(stored).filter { !known.contains($0.companyID) }
    if mine.contains(where: \.isPrimary) { for index in hidden.indices { hidden[index].isPrimary = false } }
    return Membership.value(mine + hidden)
  }

  // MARK: Rules

  var isReference: Bool { true }

  /// Which companies can be chosen. What a contact has already stays.
  private static func scope(of act: ActContext) -> Scope { act.principal.scope(of: .companies) }

  /// Finds the companies of the rows among those that the acting user may see: by the picked id, or by the exact name if only one company has it. The rest
  /// is created if the form asks for it.
  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    if case .reference(let id, let name) = value { return try resolvePrimary(id, name, over: stored, act) }
    var errors: [(input: String, message: Message)] = []
    var found: [Membership] = []
    let known = Membership.list(stored)
    let named = try Self.nameable(known, act)
    for (index, typed) in Membership.list(value).enumerated() {
      let input = "\(row)-\(typed.row ?? index)"
      // Where they work already may be in the trash by now.
      switch try Self.stored(typed, in: typed.companyID.isEmpty ? named : known).map({ .success($0) }) ?? company(of: typed, act) {
      case .success(let company):
        if found.contains(where: { $0.companyID == company.id && (!company.id.isEmpty || $0.companyName == company.name) }) {
          errors.append((input, Message("This company is listed twice.")))
        }
        var membership = typed
        (membership.companyID, membership.companyName) = company
        found.append(membership)
      case .failure(let refusal): errors.append((input, refusal.message))
      }
    }
    return errors.isEmpty ? .value(Membership.value(Membership.ordered(found))) : .errors(errors)
  }

  func merged(_ base: FieldValue, _ mine: FieldValue, _ theirs: FieldValue) -> FieldValue? {
    func list(_ value: FieldValue) -> [Membership] { Membership.list(value).map(\.withoutRow) }
    let merged = ListMerge.rows(list(base), list(mine), list(theirs), by: { $0.companyID.isEmpty ? $0.companyName : $0.companyID }) {
      old, my, their in
      guard let role = ListMerge.part(old?.role, my.role, their.role),
        let department = ListMerge.part(old?.department, my.department, their.department)
      else { return nil }
      var both = their
      (both.role, both.department) = (role, department)
      both.isPrimary = ListMerge.part(old?.isPrimary, my.isPrimary, their.isPrimary) ?? false
      return both
    }
    // Which is the main one can't be two.
    guard let merged, merged.count(where: \.isPrimary) < 2 else { return nil }
    return Membership.value(merged)
  }

  /// Those of a contact's companies that a name alone can mean: somebody who can't see a company can't guess its name.
  private static func nameable(_ known: [Membership], _ act: ActContext) throws -> [Membership] {
    let scope = scope(of: act)
    guard scope != .all, !known.isEmpty else { return known }
    let seen = try act.db.all(
      "SELECT id FROM companies WHERE id IN \(SQL.list(known.map(\.companyID)))\(scope.condition(on: "companies"))"
    ) { $0.text(0) }
    return known.filter { seen.contains($0.companyID) }
  }

  /// Where they work already, by its id or, without one, by its name.
  private static func stored(_ typed: Membership, in known: [Membership]) -> (id: String, name: String)? {
    known.first {
      typed.companyID.isEmpty || !typed.companyName.isEmpty && TextFolding.fold($0.companyName) != TextFolding.fold(typed.companyName)
        ? typed.companyID.isEmpty && TextFolding.fold($0.companyName) == TextFolding.fold(typed.companyName)
        : $0.companyID == typed.companyID
    }.map { ($0.companyID, $0.companyName) }
  }

  /// A company alone, as files name it, becomes the primary one; the others stay.
  private func resolvePrimary(_ id: String, _ name: String, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    let company: (id: String, name: String)
    let known = Membership.list(stored)
    if let stored = Self.stored(Membership(companyName: name, companyID: id), in: id.isEmpty ? try Self.nameable(known, act) : known) {
      company = stored
    } else if id.isEmpty {
      switch try self.company(of: Membership(companyName: name), act) {
      case .success(let found): company = found
      case .failure(let refusal): return .errors([("", refusal.message)])
      }
    } else {
      guard let found = try MembershipStore.company(id, Self.scope(of: act), in: act.db) else { return .errors([("", .noCompany(id))]) }
      company = found
    }
    var memberships = known
    for index in memberships.indices { memberships[index].isPrimary = memberships[index].companyID == company.id }
    if !memberships.contains(where: \.isPrimary) {
      memberships.append(Membership(companyName: company.name, companyID: company.id, isPrimary: true))
    }
    return .value(Membership.value(Membership.ordered(memberships)))
  }

  /// The company's id, empty for one that is to be made, and its name.
  private func company(of typed: Membership, _ act: ActContext) throws -> Result<(id: String, name: String), InvalidValue> {
    let name = typed.companyName
    if !typed.companyID.isEmpty {
      guard let known = try MembershipStore.company(typed.companyID, Self.scope(of: act), in: act.db) else {
        return .failure(InvalidValue(Message("This company no longer exists. Choose another.")))
      }
      // The name was typed over after picking: what is written counts.
      if name.isEmpty || TextFolding.fold(name) == TextFolding.fold(known.name) { return .success(known) }
    }
    let named = try MembershipStore.companies(named: name, Self.scope(of: act), in: act.db)
    if named.count == 1 { return .success(named[0]) }
    if named.count > 1 {
      return .failure(InvalidValue(Message("There are several companies named “{name}”. Pick one from the list.", ["name": name])))
    }
    guard typed.createsCompany, act.principal.may(.write, on: .companies) else { return .failure(InvalidValue(.noCompany(name))) }
    return .success(("", name))
  }

  // MARK: Form

  func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: rowInputs.map(\.name) + [Self.creation]) }

  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    var memberships: [Membership] = []
    let known = reader.knownRows(rowInputs.map(\.name))
    for (index, row) in reader.rows(rowInputs.map(\.name)).enumerated() where !row[0].isEmpty || !row[1].isEmpty {
      for text in known.contains(row) ? [] : [row[0], row[2], row[3]] {
        if let problem = TextRules.problem(with: text, atMost: 255) { reader.problem("\(self.row)-\(index)", problem) }
      }
      memberships.append(
        Membership(
          companyName: row[0], companyID: row[1], role: row[2], department: row[3], isPrimary: !row[4].isEmpty,
          createsCompany: Self.creates(row, index, reader.form), row: index))
    }
    if memberships.count > Self.most { reader.problem(name, Message("At most {n} companies.", numbers: ["n": Self.most])) }
    return Membership.value(memberships)
  }

  /// Without script, the box "create new" comes only from rows that have it ticked: as the row's number.
  private static func creates(_ row: [String], _ index: Int, _ form: FormFields) -> Bool {
    let ticked = form.all(creation)
    return ticked.contains(String(index)) || ticked.contains(row[0])
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    Membership.list(value).flatMap { membership in
      zip(
        rowInputs,
        [
          membership.companyName, membership.companyID, membership.role, membership.department, membership.isPrimary ? "primary" : "",
        ]
      ).map { FormFields.Field($0.name, $1) }
        + (membership.createsCompany ? [FormFields.Field(Self.creation, membership.companyName)] : [])
    }
  }

  private static let rowSchema = ViewSchema(
    "membership-row",
    [
      ("company", .text), ("companyID", .text), ("role", .text), ("department", .text), ("isPrimary", .bool), ("creates", .bool),
      ("offersCreate", .bool), ("error", .optional(.text)), ("row", .text), ("isHidden", .bool),
    ])
  private static let controlSchema = ViewSchema("memberships", [("rows", .list(.record(rowSchema))), ("blank", .record(rowSchema))])

  var template: (name: String, schema: ViewSchema) { ("contacts/memberships-field", Self.controlSchema) }

  /// Names of companies that the visitor can't see, by their ids.
  private static func hiddenNames(_ ids: [String], _ context: RequestContext) throws -> [String: String] {
    guard let seen = try context.reach.condition(on: "target", of: .company) else { return [:] }
    return try context.store.read { db in
      try ids.reduce(into: [:]) { names, id in
        names[id] = try db.text("SELECT name FROM companies AS target WHERE id = \(id) AND NOT coalesce(true\(seen), false)")
      }
    }
  }

  /// A company that the visitor can't see is a row without a name: its id keeps it.
  func control(_ control: FieldControl) throws -> ViewData {
    var rows = FormReader.rows(of: control.form, rowInputs.map(\.name)) ?? []
    if rows.isEmpty { rows = [["", "", "", "", "primary"]] }
    let hidden = try Self.hiddenNames(rows.map { $0[1] }, control.context)
    for index in rows.indices where hidden[rows[index][1]] == rows[index][0] { rows[index][0] = "" }
    func view(_ row: [String], _ index: Int?) -> Value {
      let error = index.map { control.error("\(self.row)-\($0)") } ?? .null
      let offers = error.isTrue && control.context.may(.write, on: .companies) && row[1].isEmpty
      return .record(
        ViewData(
          Self.rowSchema,
          [
            .text(row[0]), .text(row[1]), .text(row[2]), .text(row[3]), .bool(!row[4].isEmpty),
            .bool(index.map { Self.creates(row, $0, control.form) } ?? false), .bool(offers), error, .text(index.map(String.init) ?? "new"),
            .bool(row[0].isEmpty && hidden[row[1]] != nil),
          ]))
    }
    return ViewData(Self.controlSchema, [.list(rows.enumerated().map { view($1, $0) }), view(["", "", "", "", ""], nil)])
  }

  var cell: Column.Kind? { nil }

  func place(_ name: String, of table: String) -> String? { "(SELECT 1 FROM memberships WHERE contact_id = \(table).id LIMIT 1)" }

  var askedResource: Resource? { .companies }

  var empty: FieldPlace.Empty { .null }

  // MARK: Overview

  private static let membershipSchema = ViewSchema(
    "membership",
    [
      ("company", .text), ("href", .text), ("place", .text), ("isPrimary", .bool), ("tint", .text), ("remark", .optional(.text)),
    ])

  static let panel = RecordPanel(
    place: .main, template: "contacts/memberships",
    schema: ViewSchema("memberships-panel", [("memberships", .list(.record(membershipSchema)))])
  ) { schema, record, context, db in
    let seen = try MembershipsField().visible(record["companies"], within: context.reach, in: db)
    return ViewData(
      schema,
      [
        .list(
          try Membership.list(seen).map { membership in
            let remark = try RecordTarget.company.remark(membership.companyID, in: db)
            return .record(
              ViewData(
                membershipSchema,
                [
                  .text(membership.companyName), .text(RecordType.company.path(of: membership.companyID)),
                  .text([membership.role, membership.department].filter { !$0.isEmpty }.joined(separator: " · ")),
                  .bool(membership.isPrimary), .text(Tint.of(membership.companyID)), remark.map { .text(context.text($0)) } ?? .null,
                ]))
          })
      ])
  }
}

extension Message {
  static func noCompany(_ name: String) -> Message { Message("No company called “{name}”.", ["name": name]) }
}
