import Base
import Web

/// A company's form as it was posted.
struct CompanyForm: Sendable {
  var details = CompanyDetails()
  var note = ""
  var version = 0
  var problems = ValidationErrors()

  static let texts = [
    "name", "status", "domain", "website", "industry", "street", "postal_code", "city", "region", "country", "phone", "email",
    "description",
    "owner", "note",
  ]

  init() {}

  init(_ company: Company) {
    details = company.details
    if company.status == "trashed" { details.status = "active" }
    version = company.version
  }

  init(_ form: FormFields) {
    var reader = FormReader(form, single: Set(Self.texts + ["version"]), repeated: ["roles"])
    details.name = reader.line("name", atMost: .max)
    details.status = reader.choice("status", of: ["active", "inactive"])
    details.domain = reader.line("domain", atMost: .max)
    details.website = reader.line("website", atMost: .max)
    details.industry = reader.line("industry", atMost: .max)
    details.address = Address(
      street: reader.line("street", atMost: .max), postalCode: reader.line("postal_code", atMost: .max),
      city: reader.line("city", atMost: .max),
      region: reader.line("region", atMost: .max), country: reader.line("country", atMost: .max).uppercased())
    details.phone = reader.line("phone", atMost: .max)
    details.email = reader.line("email", atMost: .max)
    details.description = reader.text("description", atMost: .max)
    details.ownerID = reader.line("owner", atMost: .max)
    let roles = form.all("roles")
    details.roles = Set(roles).intersection(CompanyDetails.allRoles.map(\.0))
    if details.roles.count != Set(roles).count { reader.problem("roles", Message("Choose one of the values offered.")) }
    note = reader.text("note")
    version = Int(reader.line("version")) ?? 0
    problems = reader.problems
    problems.add(details.problems)
  }
}
