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

/// Joins many new contacts to their primary companies at once: their rows repeat the company from the start, and the memberships follow.
final class PrimaryCompanyLoad: BulkField {
  private typealias Company = (id: String, stored: [SQLValue])

  let columns = ["company_id", "company_name", "company_sort", "company_words"]
  private let db: Database
  private var byID: [String: Company] = [:]
  /// By the folded name; `nil` where several have it.
  private var byName: [String: Company?] = [:]

  init(_ db: Database) throws {
    self.db = db
    try db.each("SELECT id, name, name_sort, name_words, external_id FROM companies WHERE status <> 'trashed'") { row in
      let company: Company = (row.text(0), (0..<4).map { .text(row.text($0)) })
      byID[company.id] = company
      if !row.isNull(4) { byID[row.text(4)] = company }
      byName.updateValue(byName[row.text(2)] == nil ? company : nil, forKey: row.text(2))
    }
  }

  func stored(_ value: FieldValue) throws(InvalidValue) -> [SQLValue]? {
    switch value {
    case .empty: return [.null, .text(""), .text(""), .text("")]
    case .reference(let id, let name):
      // Which of several is meant is told by the way that looks closer.
      guard let company = id.isEmpty ? byName[TextFolding.fold(name)] ?? nil : byID[id] ?? byID[id.lowercased()] else {
        if id.isEmpty { return nil }
        throw InvalidValue(.noCompany(id))
      }
      return company.stored
    default: return nil
    }
  }

  func finish() throws {
    try db.withoutIndexes(of: "memberships") {
      let insert = try db.prepared("INSERT INTO memberships (id, contact_id, company_id, is_primary, created_at) VALUES (?, ?, ?, 1, ?)")
      try db.each("SELECT id, company_id, created_at FROM contacts WHERE company_id IS NOT NULL") { row in
        let created = row.timestamp(2)
        insert.bind(1, RecordID.make(at: created))
        insert.bind(2, row.text(0))
        insert.bind(3, row.text(1))
        insert.bind(4, created)
        try insert.execute()
      }
    }
    try db.script(DerivedData.liveContacts.repair)
  }
}
