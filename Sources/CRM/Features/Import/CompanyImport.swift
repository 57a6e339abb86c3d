import Base
import Templating
import Store

/// A row of a file of companies.
enum CompanyImport {
  static func write(_ row: ImportRow, now: Timestamp, in db: Database) throws {
    var details = CompanyDetails(name: row["name"])
    details.industry = row["industry"]
    details.address.city = row["city"]
    details.address.country = row["country"].uppercased()
    details.website = row["website"]
    details.phone = row["phone"]
    if let field = details.problems.order.first, let problem = details.problems[field] {
      throw ImportProblem(line: row.line, reason: "\(field): \(problem.text(in: .english))")
    }
    let created = try row.time("created_at", or: now)
    try db.run(
      """
      INSERT INTO companies (id, name, name_sort, name_words, words, industry, city, country, website, phone, description, external_id, created_at,
        updated_at)
      VALUES (\(RecordID.make(at: created)), \(details.name), \(TextFolding.fold(details.name)), \(details.nameWords), \(details.searchWords),
        \(details.industry), \(details.address.city), \(details.address.country), \(details.website), \(details.phone),
        \(row["vat"].isEmpty ? "" : "VAT " + row["vat"]), \(row["id"]), \(created), \(created))
      ON CONFLICT (external_id) DO UPDATE SET name = excluded.name, name_sort = excluded.name_sort, name_words = excluded.name_words,
        words = excluded.words, industry = excluded.industry, city = excluded.city, country = excluded.country, website = excluded.website,
        phone = excluded.phone, version = version + 1, updated_at = \(now)
      """)
  }
}
