import Base
import Templating
import Web

/// A contact's Overview.
struct ContactPage {
  let contact: Contact
  let memberships: [Membership]

  static let channelShape = ViewSchema(
    "channel", [("kind", .text), ("label", .text), ("value", .text), ("href", .text), ("isPrimary", .bool)])
  static let membershipShape = ViewSchema(
    "membership", [("company", .text), ("href", .text), ("place", .text), ("isPrimary", .bool), ("tint", .text)])
  static let itemShape = ViewSchema("item", [("kind", .text), ("label", .text), ("quantity", .int), ("serials", .text)])
  static let noteShape = ViewSchema("note", [("text", .text), ("by", .text), ("at", .text), ("time", .text)])
  static let shape = ViewSchema(
    "contact",
    [
      ("record", .record(RecordFrame.shape)), ("channels", .list(.record(channelShape))), ("memberships", .list(.record(membershipShape))),
      ("jobTitle", .text), ("address", .list(.text)), ("language", .text), ("source", .text), ("owner", .text), ("consent", .list(.text)),
      ("isOptedOut", .bool), ("items", .list(.record(itemShape))), ("notes", .list(.record(noteShape))), ("noteDraft", .text),
      ("createdAt", .text), ("created", .text), ("updatedAt", .text), ("updated", .text),
    ])

  func record(for context: RequestContext) -> ViewData {
    let details = contact.details
    let primary = memberships.first { $0.isPrimary }
    let header = RecordHeader(
      id: contact.id, name: details.name, status: contact.status, line: details.jobTitle,
      company: primary.map { (id: $0.companyID.text, name: $0.companyName) }, avatar: contact.avatar)
    let formats = context.formats
    return ViewData(
      Self.shape,
      [
        .record(RecordFrame.record(header, .contact, tab: "overview", for: context)),
        .list(
          details.channels.map { channel in
            .record(
              ViewData(
                Self.channelShape,
                [.text(channel.kind.rawValue), .text(channel.label), .text(channel.value), .text(channel.href), .bool(channel.isPrimary)]))
          }),
        .list(
          memberships.map { membership in
            .record(
              ViewData(
                Self.membershipShape,
                [
                  .text(membership.companyName), .text(RecordKind.company.path(of: membership.companyID.text)),
                  .text([membership.role, membership.department].filter { !$0.isEmpty }.joined(separator: " · ")),
                  .bool(membership.isPrimary), .text(Tint.of(membership.companyID.text)),
                ]))
          }),
        .text(details.jobTitle), details.address.lines(formats), .text(formats.languageName(details.language)),
        .text(details.source),
        .text(contact.ownerName),
        .list(ContactFormPage.consentKinds.filter { details.consent.contains($0.value) }.map { .text(context.language.text($0.label)) }),
        .bool(details.isOptedOut),
        .list(
          details.ownedItems.map { item in
            .record(
              ViewData(
                Self.itemShape,
                [.text(item.kind.rawValue), .text(item.label), .int(item.quantity), .text(item.serialNumbers.joined(separator: ", "))]))
          }),
        NoteValues.list(contact.notes, formats), .text(context.query["note"] ?? ""), .text(contact.createdAt),
        .text(formats.minute(contact.createdAt)), .text(contact.updatedAt), .text(formats.minute(contact.updatedAt)),
      ])
  }
}

extension Channel {
  /// Where a click on the channel leads.
  var href: String {
    switch kind {
    case .email: "mailto:" + value
    case .phone: PhoneLink.tel(value)
    case .whatsapp: PhoneLink.whatsApp(value)
    case .url: WebLink.href(value)
    }
  }
}

extension Address {
  /// The address as it stands on an envelope.
  func lines(_ formats: Formats) -> Value {
    let place = [postalCode, city].filter { !$0.isEmpty }.joined(separator: " ")
    return .list([street, place, region, formats.country(country)].filter { !$0.isEmpty }.map { .text($0) })
  }
}

/// A record's notes, as templates see them.
enum NoteValues {
  static func list(_ notes: [Note], _ formats: Formats) -> Value {
    .list(
      notes.map { .record(ViewData(ContactPage.noteShape, [.text($0.text), .text($0.by), .text($0.at), .text(formats.minute($0.at))])) })
  }
}
