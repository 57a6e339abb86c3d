import Base
import Templating

/// The page with a company's form: new, edit, failed, or stale with both versions.
struct CompanyFormPage {
  var form: CompanyForm
  /// `nil` for a new company.
  var company: Company?
  var conflict: ConflictNotice?
  var owners: [(id: String, name: String)] = []

  private static let fieldsShape = FormRecord.shape("company-fields", CompanyForm.texts + ["roles"])
  private static let roleShape = ViewSchema("role", [("value", .text), ("label", .text), ("on", .bool)])
  static let shape = ViewSchema(
    "company-form",
    [
      ("isNew", .bool), ("title", .text), ("action", .text), ("cancelHref", .text), ("version", .int), ("fields", .record(fieldsShape)),
      ("statuses", .html), ("countries", .html), ("owners", .html),
      ("roles", .list(.record(roleShape))), ("problems", .list(.record(FormRecord.problemShape))),
      ("conflict", .optional(.record(ConflictNotice.shape))),
    ])

  func record(for context: RequestContext) -> ViewData {
    let details = form.details
    let values = [
      "name": details.name, "status": details.status, "domain": details.domain, "website": details.website, "industry": details.industry,
      "street": details.address.street, "postal_code": details.address.postalCode, "city": details.address.city,
      "region": details.address.region, "country": details.address.country, "phone": details.phone, "email": details.email,
      "description": details.description, "owner": details.ownerID, "note": form.note,
    ]
    let href = company.map { RecordKind.company.path(of: $0.id.text) } ?? RecordKind.company.path
    return ViewData(
      Self.shape,
      [
        .bool(company == nil), .text(company?.details.name ?? ""), .text(href), .text(href), .int(form.version),
        .record(
          FormRecord.record(Self.fieldsShape, CompanyForm.texts + ["roles"], values: values, problems: form.problems, for: context)),
        context.choices([("active", "Active"), ("inactive", "Inactive")]).options(selected: details.status),
        Choices.countries(in: context.language).options(selected: details.address.country),
        Choices.optional(owners.map { ($0.id, $0.name) }).options(selected: details.ownerID),
        .list(
          CompanyDetails.allRoles.map { value, label in
            .record(ViewData(Self.roleShape, [.text(value), .text(label), .bool(details.roles.contains(value))]))
          }),
        FormRecord.summary(form.problems, labels: FieldLabels.all, for: context),
        conflict.map { .record($0.record(for: context)) } ?? .null,
      ])
  }
}
