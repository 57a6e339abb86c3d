import Templating

/// Somebody saved the record while this form was open: who, when, and where the two versions differ.
struct ConflictNotice {
  /// Nobody was faster: an earlier version is to be put back over something newer.
  var isReversion = false
  let savedBy: String
  let savedAt: String
  /// `before` is what is stored now, `after` what this form says.
  let differences: [Change]
  let recordHref: String

  static let rowShape = ViewSchema("difference", [("label", .text), ("theirs", .text), ("yours", .text)])
  static let shape = ViewSchema(
    "conflict",
    [("isReversion", .bool), ("savedBy", .text), ("at", .text), ("time", .text), ("recordHref", .text), ("rows", .list(.record(rowShape)))])

  func record(for context: RequestContext) -> ViewData {
    let formats = context.formats
    return ViewData(
      Self.shape,
      [
        .bool(isReversion), .text(savedBy), .text(savedAt), .text(formats.minute(savedAt)), .text(recordHref),
        .list(
          differences.map {
            .record(
              ViewData(
                Self.rowShape,
                [
                  .text(FieldLabels.of($0.field)), .text(formats.fieldText($0.before, of: $0.field)),
                  .text(formats.fieldText($0.after, of: $0.field)),
                ]))
          }),
      ])
  }
}

/// What a record's fields are called, in forms, histories and conflicts.
enum FieldLabels {
  static func of(_ field: String) -> String { all[field] ?? field }

  static let all: [String: String] = [
    "name": "Name", "status": "Status", "channels": "Ways to reach", "job_title": "Job title", "street": "Street",
    "postal_code": "Postal code", "city": "City", "region": "Region", "country": "Country", "language": "Language", "source": "Source",
    "owner": "Owner", "consent": "Consent", "opted_out": "Opted out", "owned_items": "Owned items", "companies": "Companies",
    "note": "Note",
    "domain": "Domain", "website": "Website", "industry": "Industry", "phone": "Phone", "email": "E-mail", "description": "Description",
    "roles": "Roles", "type": "Type", "direction": "Direction", "occurred_at": "When", "zone": "Time zone", "duration": "Minutes",
    "outcome": "Outcome", "subject": "Subject", "body": "What was said", "party": "People", "party_text": "People", "file": "File",
    "picture": "Picture", "comment": "Comment",
  ]
}
