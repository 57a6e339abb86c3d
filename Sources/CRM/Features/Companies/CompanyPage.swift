import Base
import Templating
import Web

/// A company's Overview: what it is and who works there.
struct CompanyPage {
  let company: Company
  let members: [(ListCursor, MembershipStore.Member)]
  let hasMore: Bool
  let isFirst: Bool

  /// Members shown at once.
  static let pageSize = 50

  static let memberShape = ViewSchema(
    "member",
    [("name", .text), ("href", .text), ("place", .text), ("email", .text), ("isPrimary", .bool), ("tint", .text), ("initials", .text)])
  static let shape = ViewSchema(
    "company",
    [
      ("record", .record(RecordFrame.shape)), ("website", .text), ("websiteHref", .text), ("domain", .text), ("industry", .text),
      ("address", .list(.text)), ("phone", .text), ("phoneHref", .text), ("email", .text), ("description", .text), ("roles", .list(.text)),
      ("owner", .text), ("contacts", .int), ("members", .list(.record(memberShape))), ("moreMembers", .optional(.text)),
      ("isFirst", .bool), ("newContactHref", .text), ("notes", .list(.record(ContactPage.noteShape))), ("noteDraft", .text),
      ("createdAt", .text), ("created", .text), ("updatedAt", .text), ("updated", .text),
    ])

  func record(for context: RequestContext) -> ViewData {
    let details = company.details
    let header = RecordHeader(
      id: company.id, name: details.name, status: company.status, line: details.industry, avatar: company.avatar)
    let formats = context.formats
    let href = RecordKind.company.path(of: company.id.text)
    let more = hasMore ? members.last.map { URLQuery.append([("after", $0.0.text)], to: href) } : nil
    return ViewData(
      Self.shape,
      [
        .record(RecordFrame.record(header, .company, tab: "overview", for: context)), .text(details.website),
        .text(details.website.isEmpty ? "" : WebLink.href(details.website)), .text(details.domain), .text(details.industry),
        details.address.lines(formats), .text(details.phone), .text(PhoneLink.tel(details.phone)), .text(details.email),
        .text(details.description),
        .list(CompanyDetails.allRoles.filter { details.roles.contains($0.0) }.map { .text(context.language.text($0.1)) }),
        .text(company.ownerName),
        .int(company.liveContacts), .list(members.map { Self.member($0.1) }), more.map { .text($0) } ?? .null, .bool(isFirst),
        .text(URLQuery.append([("company", company.id.text)], to: RecordKind.contact.path + "/new")),
        NoteValues.list(company.notes, formats), .text(context.query["note"] ?? ""), .text(company.createdAt),
        .text(formats.minute(company.createdAt)), .text(company.updatedAt), .text(formats.minute(company.updatedAt)),
      ])
  }

  private static func member(_ member: MembershipStore.Member) -> Value {
    .record(
      ViewData(
        memberShape,
        [
          .text(member.name), .text(RecordKind.contact.path(of: member.contactID)),
          .text([member.role, member.department].filter { !$0.isEmpty }.joined(separator: " · ")), .text(member.email),
          .bool(member.isPrimary), .text(Tint.of(member.contactID)), .text(Initials.of(member.name)),
        ]))
  }
}
