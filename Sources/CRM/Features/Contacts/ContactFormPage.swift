import Base
import Store
import Templating

/// The page with a contact's form: new, edit, failed, or stale with both versions.
struct ContactFormPage {
  var form: ContactForm
  /// `nil` for a new contact.
  var contact: Contact?
  var conflict: ConflictNotice?
  var owners: [(id: String, name: String)] = []
  var mayCreateCompanies = true

  private static let fields = ContactForm.texts + ["channels"]
  private static let fieldsShape = FormRecord.shape("contact-fields", fields)
  private static let channelShape = Shape(
    "channel-row",
    [("types", .html), ("label", .text), ("value", .text), ("isPrimary", .bool), ("error", .optional(.text)), ("row", .text)])
  private static let membershipShape = Shape(
    "membership-row",
    [
      ("company", .text), ("companyID", .text), ("role", .text), ("department", .text), ("isPrimary", .bool), ("creates", .bool),
      ("offersCreate", .bool), ("error", .optional(.text)), ("row", .text),
    ])
  private static let itemShape = Shape(
    "item-row",
    [
      ("types", .html), ("label", .text), ("quantity", .text), ("serials", .text), ("error", .optional(.text)), ("row", .text),
    ])
  /// By what somebody may agree to be reached.
  static let consentKinds: [(value: String, label: String)] = [
    ("email", "E-mail"), ("phone", "Phone"), ("sms", "SMS"), ("whatsapp", "WhatsApp"),
  ]
  private static let consentShape = Shape("consent", [("value", .text), ("label", .text), ("on", .bool)])
  static let shape = Shape(
    "contact-form",
    [
      ("isNew", .bool), ("title", .text), ("action", .text), ("cancelHref", .text), ("version", .int), ("fields", .record(fieldsShape)),
      ("statuses", .html), ("countries", .html), ("languages", .html),
      ("owners", .html),
      ("channels", .list(.record(channelShape))), ("blankChannel", .record(channelShape)), ("memberships", .list(.record(membershipShape))),
      ("blankMembership", .record(membershipShape)), ("items", .list(.record(itemShape))), ("blankItem", .record(itemShape)),
      ("consents", .list(.record(consentShape))), ("isOptedOut", .bool), ("problems", .list(.record(FormRecord.problemShape))),
      ("conflict", .optional(.record(ConflictNotice.shape))),
    ])

  func record(for visit: Visit) -> Record {
    let details = form.details
    let values = [
      "name": details.name, "status": details.status, "job_title": details.jobTitle, "street": details.address.street,
      "postal_code": details.address.postalCode, "city": details.address.city, "region": details.address.region,
      "country": details.address.country, "language": details.language, "source": details.source, "owner": details.ownerID,
      "note": form.note,
    ]
    let path = RecordKind.contact.path
    let href = contact.map { path + "/" + $0.id.text }
    // A new contact's form offers the two rows that nearly everybody fills in, and an existing one a blank row where there is none.
    let blanks = contact == nil && details.channels.isEmpty ? [Channel.Kind.email, .phone] : []
    let channels = details.channels.isEmpty ? blanks.map { Channel(kind: $0, label: "", value: "", isPrimary: false) } : details.channels
    let memberships = form.memberships.isEmpty ? [MembershipDraft(isPrimary: true)] : form.memberships
    return Record(
      Self.shape,
      [
        .bool(contact == nil), .text(contact?.details.name ?? ""), .text(href ?? path), .text(href ?? path), .int(form.version),
        .record(FormRecord.record(Self.fieldsShape, Self.fields, values: values, problems: form.problems, for: visit)),
        visit.choices([("active", "Active"), ("inactive", "Inactive")]).options(selected: details.status),
        Choices.countries(in: visit.language).options(selected: details.address.country),
        Choices.languages(in: visit.language).options(selected: details.language),
        Choices.optional(owners.map { ($0.id, $0.name) }).options(selected: details.ownerID),
        .list(channels.enumerated().map { row($1, at: $0, visit) }),
        row(Channel(kind: .email, label: "", value: "", isPrimary: false), at: nil, visit),
        .list(memberships.enumerated().map { row($1, at: $0, visit) }), row(MembershipDraft(), at: nil, visit),
        .list(details.ownedItems.enumerated().map { row($1, at: $0, visit) }),
        row(OwnedItem(kind: .text, label: "", quantity: 1, serialNumbers: []), at: nil, visit),
        .list(
          Self.consentKinds.map { value, label in
            .record(Record(Self.consentShape, [.text(value), .text(label), .bool(details.consent.contains(value))]))
          }),
        .bool(details.isOptedOut), FormRecord.summary(form.problems, labels: FieldLabels.all, for: visit),
        conflict.map { .record($0.record(for: visit)) } ?? .null,
      ])
  }

  private func problem(_ field: String, _ index: Int?, _ visit: Visit) -> Value {
    index.flatMap { form.problems["\(field)-\($0)"] }.map { .text(visit.text($0)) } ?? .null
  }

  private func row(_ channel: Channel, at index: Int?, _ visit: Visit) -> Value {
    let kinds = [("email", "E-mail"), ("phone", "Phone"), ("whatsapp", "WhatsApp"), ("url", "Web")]
    return .record(
      Record(
        Self.channelShape,
        [
          visit.choices(kinds).options(selected: channel.kind.rawValue), .text(channel.label),
          .text(channel.value), .bool(channel.isPrimary), problem("channel", index, visit), .text(index.map(String.init) ?? "new"),
        ]))
  }

  private func row(_ draft: MembershipDraft, at index: Int?, _ visit: Visit) -> Value {
    let error = problem("membership", index, visit)
    let offers = if case .text = error { mayCreateCompanies && draft.companyID.isEmpty } else { false }
    return .record(
      Record(
        Self.membershipShape,
        [
          .text(draft.companyName), .text(draft.companyID), .text(draft.role), .text(draft.department), .bool(draft.isPrimary),
          .bool(draft.createsCompany), .bool(offers), error, .text(index.map(String.init) ?? "new"),
        ]))
  }

  private func row(_ item: OwnedItem, at index: Int?, _ visit: Visit) -> Value {
    let kinds = [("device", "Device"), ("product", "Product"), ("text", "Other")]
    return .record(
      Record(
        Self.itemShape,
        [
          visit.choices(kinds).options(selected: item.kind.rawValue), .text(item.label),
          .text(String(item.quantity)), .text(item.serialNumbers.joined(separator: ", ")), problem("item", index, visit),
          .text(index.map(String.init) ?? "new"),
        ]))
  }
}
