import Admin
import Base
import Store
import Templating
import Web

extension RecordPanel {
  private static let reachSchema = ViewSchema(
    "company-reach", [("website", .text), ("websiteHref", .text), ("email", .text), ("phone", .text), ("phoneHref", .text)])

  /// A company's website, e-mail and phone.
  static let companyReach = RecordPanel(place: .beforeDetails, template: "companies/reach", schema: reachSchema) { schema, record, _, _ in
    let (website, email, phone) = (record["website"].text, record["email"].text, record["phone"].text)
    guard !(website + email + phone).isEmpty else { return nil }
    return ViewData(
      schema,
      [
        .text(website), .text(website.isEmpty ? "" : WebLink.href(website)), .text(email), .text(phone),
        .text(PhoneLink.tel(number: PhoneLink.number(phone)) ?? ""),
      ])
  }

  private static let memberSchema = ViewSchema(
    "member",
    [("name", .text), ("href", .text), ("place", .text), ("email", .text), ("isPrimary", .bool), ("tint", .text), ("initials", .text)])
  private static let membersSchema = ViewSchema(
    "members",
    [
      ("href", .text), ("count", .int), ("members", .list(.record(memberSchema))), ("more", .optional(.text)), ("isFirst", .bool),
      ("newContactHref", .optional(.text)),
    ])
  private static let membersAtOnce = 50

  /// Who works there, by name.
  static let members = RecordPanel(place: .main, template: "companies/members", schema: membersSchema) { schema, record, context, db in
    let after = context.query["after"].flatMap { ListCursor($0) }
    let found = try MembershipStore.members(
      of: record.id, try context.scope(of: .contacts), after: after, limit: membersAtOnce + 1, in: db)
    let members = found.prefix(membersAtOnce)
    let count = try db.value("SELECT live_contacts FROM companies WHERE id = \(record.id)") ?? 0
    let href = RecordType.company.path(of: record.id.text)
    let mayAdd = context.may(.write, on: .contacts) && !record.isTrashed
    let add = URLQuery.append([("company", record.name), ("company_id", record.id.text)], to: RecordType.contact.path + "/new")
    return ViewData(
      schema,
      [
        .text(href), .int(count), .list(members.map { member($0.1) }),
        found.count > membersAtOnce ? members.last.map { .text(URLQuery.append([("after", $0.0.text)], to: href)) } ?? .null : .null,
        .bool(after == nil), mayAdd ? .text(add) : .null,
      ])
  }

  private static func member(_ member: MembershipStore.Member) -> Value {
    .record(
      ViewData(
        memberSchema,
        [
          .text(member.name), .text(RecordType.contact.path(of: member.contactID)),
          .text([member.role, member.department].filter { !$0.isEmpty }.joined(separator: " · ")), .text(member.email),
          .bool(member.isPrimary), .text(Tint.of(member.contactID)), .text(Initials.of(member.name)),
        ]))
  }
}
