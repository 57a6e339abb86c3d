import Admin
import Base
import Store

/// Whom a document is for: name and address as they are now, to be kept with the document when it goes out.
struct Recipient: Sendable, Equatable {
  var company = ""
  var person = ""
  var street = ""
  var city = ""
  var region = ""
  var postcode = ""
  /// An ISO 3166 code.
  var country = ""
  var vatNumber = ""

  init() {}

  init(of document: DocumentValues, in db: Database) throws {
    if let id = RecordID(document["company"].text), let company = try RecordType.company.record(id, in: db) {
      self.company = company.name
      take(company)
      vatNumber = VATNumberField.written(company["vat_number"].text, country: country)
    }
    if let id = RecordID(document["contact"].text), let contact = try RecordType.contact.record(id, in: db) {
      person = contact.name
      if company.isEmpty { take(contact) }
    }
  }

  /// A contact or a company itself.
  init(customer: Record) {
    if customer.type === RecordType.company {
      company = customer.name
    } else {
      person = customer.name
    }
    take(customer)
  }

  private mutating func take(_ record: Record) {
    street = record["street"].text
    (city, region, country) = (record["city"].text, record["region"].text, record["country"].text)
    postcode = record["postal_code"].text
  }

  /// As on a letter. `country` is the name of it in the letter's language.
  func lines(country: String) -> [String] {
    let place = [postcode, city].filter { !$0.isEmpty }.joined(separator: " ")
    return [company, person, street, place, TextFolding.isSame(region, city) ? "" : region, country].filter { !$0.isEmpty }
  }

  // MARK: As it is stored

  private static var members: [(String, WritableKeyPath<Recipient, String>)] {
    [
      ("company", \.company), ("person", \.person), ("street", \.street), ("city", \.city), ("region", \.region),
      ("postal_code", \.postcode),
      ("country", \.country), ("vat_number", \.vatNumber),
    ]
  }

  var json: JSON {
    .object(
      Self.members.compactMap { name, path in self[keyPath: path].isEmpty ? nil : .init(name: name, value: .string(self[keyPath: path])) })
  }

  var value: FieldValue { .text(json.text) }

  init?(_ value: FieldValue) {
    guard !value.isEmpty, let json = try? JSON(parsing: value.text) else { return nil }
    for (name, path) in Self.members { self[keyPath: path] = json[name]?.string ?? "" }
  }
}

/// Whom a document was sent to, as it went out.
struct RecipientField: PlainTextKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue { FieldValue(text) }

  func display(_ history: String, _ formats: Formats) -> String {
    guard let recipient = Recipient(FieldValue(history)) else { return history }
    return (recipient.lines(country: formats.country(recipient.country)) + [recipient.vatNumber]).filter { !$0.isEmpty }.joined(
      separator: "\n")
  }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  var cell: Column.Kind? { nil }
}

/// Customers may be deleted; what went out to them says whom it was for.
extension DocumentValues {
  var hasCustomer: Bool { !self["contact"].isEmpty || !self["company"].isEmpty }

  /// It is for somebody who is here, or for whom another document went out to.
  var customerErrors: ValidationErrors {
    hasCustomer || !self["recipient"].isEmpty
      ? ValidationErrors() : ValidationErrors("contact", Message("Choose a contact or a company."))
  }

  /// A document that is made of another, whose customer is gone, is for whom that one went out to.
  mutating func keepRecipient(of source: Record) {
    if !hasCustomer, !DocumentValues(source).hasCustomer, self["recipient"].isEmpty { self["recipient"] = source["recipient"] }
  }

  /// Whom it is for, to be fixed when it goes out.
  func recipient(in db: Database) throws -> FieldValue {
    hasCustomer || self["recipient"].isEmpty ? try Recipient(of: self, in: db).value : self["recipient"]
  }
}
