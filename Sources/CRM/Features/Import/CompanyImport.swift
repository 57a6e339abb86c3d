import Base
import Store
import Templating

/// A row of a file of companies.
enum CompanyImport: ImportTarget {
  static let neededColumns = ["id", "name"]
  static let knownColumns = ["id", "name", "industry", "city", "country", "website", "phone", "vat", "created_at"]

  struct Prepared: Sendable {
    let details: CompanyDetails
    let nameSort: String
    let nameWords: String
    let words: String
    let externalID: String
    let created: Timestamp
  }

  static func prepare(_ row: ImportRow, now: Timestamp) throws(ImportProblem) -> Prepared {
    var details = CompanyDetails(name: row["name"])
    details.industry = row["industry"]
    details.address.city = row["city"]
    details.address.country = row["country"].uppercased()
    details.website = row["website"]
    details.phone = row["phone"]
    let vat = row["vat"]
    if !vat.isEmpty { details.description = "VAT " + vat }
    try row.refuse(details.problems)
    return Prepared(
      details: details, nameSort: TextFolding.fold(details.name), nameWords: details.nameWords, words: details.searchWords,
      externalID: row["id"], created: try row.time("created_at", or: now))
  }

  static func favoursLoading(_ rows: Int, in db: Database) throws -> Bool {
    // Contacts repeat their company's name: while there are some, a trigger has to tell them of a new one.
    guard try db.value("SELECT NOT EXISTS (SELECT 1 FROM contacts)") == 1 else { return false }
    return favoursLoading(rows, beside: try db.value("SELECT max(seq) FROM companies"))
  }

  static func load(_ run: ImportRun<Prepared>, now: Timestamp, in db: Database) throws {
    try db.withoutIndexes(of: "companies", keeping: ["companies_by_external_id"]) {
      let writer = try Writer(db, now: now)
      try run.each { row in try run.write(row) { try writer.write($0, line: row.line) } }
    }
    try RecordType.company.addRecords(in: db)
    for derivation in [DerivedData.counts(of: "companies"), .search("company_search")] { try db.script(derivation.repair) }
  }

  struct Writer: RowWriter {
    private let statement: Statement

    init(_ db: Database, now: Timestamp) throws {
      statement = try db.prepared(
        """
        INSERT INTO companies (id, name, name_sort, name_words, words, industry, city, country, website, phone, description, external_id,
          created_at, updated_at, city_sort, industry_sort)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13, fold(?7), fold(?6))
        ON CONFLICT (external_id) WHERE external_id IS NOT NULL DO UPDATE SET name = excluded.name, name_sort = excluded.name_sort,
          name_words = excluded.name_words, words = excluded.words, industry = excluded.industry, city = excluded.city, city_sort = excluded.city_sort,
          industry_sort = excluded.industry_sort,
          country = excluded.country, website = excluded.website, phone = excluded.phone, version = version + 1, updated_at = ?14
        """)
      statement.bind(14, now)
    }

    func write(_ prepared: Prepared, line: Int) throws {
      let details = prepared.details
      statement.bind(1, RecordID.make(at: prepared.created))
      statement.bind(2, details.name)
      statement.bind(3, prepared.nameSort)
      statement.bind(4, prepared.nameWords)
      statement.bind(5, prepared.words)
      statement.bind(6, details.industry)
      statement.bind(7, details.address.city)
      statement.bind(8, details.address.country)
      statement.bind(9, details.website)
      statement.bind(10, details.phone)
      statement.bind(11, details.description)
      statement.bind(12, prepared.externalID)
      statement.bind(13, prepared.created)
      try statement.execute()
    }
  }
}
