import Admin
import Base
import Store

extension ImportColumns {
  /// The company that a contact belongs to above all: by its id there or here, or by its exact name.
  static let primaryCompany = ImportColumns(
    [("company_id", LineField()), ("company", LineField())], of: "companies", words: { _ in [] }
  ) { texts, stored in
    if let id = texts[0], !id.isEmpty { return .reference(id: id, name: "") }
    let memberships = Membership.list(stored)
    let primary = memberships.first(where: \.isPrimary)
    guard let name = texts[1], !name.isEmpty else { return Membership.value(memberships.filter { !$0.isPrimary }) }
    return primary?.companyName == name ? stored : .reference(id: "", name: name)
  }
}

/// Joins many new contacts to their companies: their rows repeat the primary one from the start.
final class MembershipLoad: BulkField {
  private typealias Company = (id: String, name: String, stored: [SQLValue])

  let columns = ["company_id", "company_name", "company_sort", "company_words"]
  private let db: Database
  private let insert: Statement
  private var byID: [String: Company] = [:]
  /// By the folded name; `nil` where several have it.
  private lazy var byName = Dictionary(byID.values.map { ($0.name, Company?.some($0)) }) { first, other in
    first?.id == other?.id ? first : nil
  }
  private var memberships: [Membership] = []

  init(_ db: Database) throws {
    self.db = db
    insert = try db.prepared(
      "INSERT INTO memberships (id, contact_id, company_id, role, department, is_primary, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
    try db.each("SELECT id, name, name_sort, name_words, external_id FROM companies WHERE status <> 'trashed'") { row in
      let company: Company = (row.text(0), row.text(2), (0..<4).map { .text(row.text($0)) })
      byID[company.id] = company
      if !row.isNull(4) { byID[row.text(4)] = company }
    }
  }

  /// Ambiguous and new companies are left to the row-by-row path.
  func stored(_ value: FieldValue) throws(InvalidValue) -> [SQLValue]? {
    memberships = []
    switch value {
    case .empty: return [.null, .text(""), .text(""), .text("")]
    case .reference(let id, let name):
      guard let company = id.isEmpty ? byName[TextFolding.fold(name)] ?? nil : byID[id] ?? byID[id.lowercased()] else {
        if id.isEmpty { return nil }
        throw InvalidValue(.noCompany(id))
      }
      memberships = [Membership(companyID: company.id, isPrimary: true)]
      return company.stored
    default:
      let wanted = Membership.ordered(Membership.list(value))
      guard let primary = wanted.first, Set(wanted.map(\.companyID)).count == wanted.count,
        wanted.allSatisfy({ byID[$0.companyID]?.name == TextFolding.fold($0.companyName) })
      else { return nil }
      memberships = wanted
      return byID[primary.companyID]?.stored
    }
  }

  func save(for record: RecordID, created: Timestamp) throws {
    for membership in memberships {
      insert.bind(1, RecordID.make(at: created))
      insert.bind(2, record)
      insert.bind(3, membership.companyID)
      insert.bind(4, membership.role)
      insert.bind(5, membership.department)
      insert.bind(6, membership.isPrimary)
      insert.bind(7, created)
      try insert.execute()
    }
  }

  func load(_ records: () throws -> Void) throws {
    try db.withoutIndexes(of: "memberships", records)
    try db.script(DerivedData.liveContacts.repair)
  }
}
