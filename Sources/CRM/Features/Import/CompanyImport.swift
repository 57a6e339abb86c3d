import Base
import Store
import Templating

/// A row of a file of companies.
enum CompanyImport: ImportTarget {
  static let neededColumns = ["id", "name"]
  static let knownColumns = ["id", "name", "industry", "city", "country", "website", "phone", "vat", "created_at"]

  struct Prepared: Sendable {
    let details: CompanyDetails
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
    return Prepared(details: details, externalID: row["id"], created: try row.time("created_at", or: now))
  }

  static func write(_ prepared: Prepared, line: Int, now: Timestamp, in db: Database) throws {
    let details = prepared.details
    try db.run(
      """
      INSERT INTO companies (id, name, name_sort, name_words, words, industry, city, country, website, phone, description, external_id, created_at,
        updated_at)
      VALUES (\(RecordID.make(at: prepared.created)), \(details.name), \(TextFolding.fold(details.name)), \(details.nameWords),
        \(details.searchWords), \(details.industry), \(details.address.city), \(details.address.country), \(details.website), \(details.phone),
        \(details.description), \(prepared.externalID), \(prepared.created), \(prepared.created))
      ON CONFLICT (external_id) WHERE external_id IS NOT NULL DO UPDATE SET name = excluded.name, name_sort = excluded.name_sort,
        name_words = excluded.name_words, words = excluded.words, industry = excluded.industry, city = excluded.city,
        country = excluded.country, website = excluded.website, phone = excluded.phone, version = version + 1, updated_at = \(now)
      """)
  }
}
