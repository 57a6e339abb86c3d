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
  private static let channelShape = ViewSchema(
    "channel-row",
    [("types", .html), ("label", .text), ("value", .text), ("isPrimary", .bool), ("error", .optional(.text)), ("row", .text)])
  private static let membershipShape = ViewSchema(
    "membership-row",
    [
      ("company", .text), ("companyID", .text), ("role", .text), ("department", .text), ("isPrimary", .bool), ("creates", .bool),
      ("offersCreate", .bool), ("error", .optional(.text)), ("row", .text),
    ])
  private static let itemShape = ViewSchema(
    "item-row",
    [
      ("types", .html), ("label", .text), ("quantity", .text), ("serials", .text), ("error", .optional(.text)), ("row", .text),
    ])
  /// By what somebody may agree to be reached.
  static let consentKinds: [(value: String, label: String)] = [
    ("email", "E-mail"), ("phone", "Phone"), ("sms", "SMS"), ("whatsapp", "WhatsApp"),
  ]
  private static let consentShape = ViewSchema("consent", [("value", .text), ("label", .text), ("on", .bool)])
  static let shape = ViewSchema(
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

  func record(for context: RequestContext) -> ViewData {
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
    return ViewData(
      Self.shape,
      [
        .bool(contact == nil), .text(contact?.details.name ?? ""), .text(href ?? path), .text(href ?? path), .int(form.version),
        .record(FormRecord.record(Self.fieldsShape, Self.fields, values: values, problems: form.problems, for: context)),
        context.choices([("active", "Active"), ("inactive", "Inactive")]).options(selected: details.status),
        Choices.countries(in: context.language).options(selected: details.address.country),
        Choices.languages(in: context.language).options(selected: details.language),
        Choices.optional(owners.map { ($0.id, $0.name) }).options(selected: details.ownerID),
        .list(channels.enumerated().map { row($1, at: $0, context) }),
        row(Channel(kind: .email, label: "", value: "", isPrimary: false), at: nil, context),
        .list(memberships.enumerated().map { row($1, at: $0, context) }), row(MembershipDraft(), at: nil, context),
        .list(details.ownedItems.enumerated().map { row($1, at: $0, context) }),
        row(OwnedItem(kind: .text, label: "", quantity: 1, serialNumbers: []), at: nil, context),
        .list(
          Self.consentKinds.map { value, label in
            .record(ViewData(Self.consentShape, [.text(value), .text(label), .bool(details.consent.contains(value))]))
          }),
        .bool(details.isOptedOut), FormRecord.summary(form.problems, labels: FieldLabels.all, for: context),
        conflict.map { .record($0.record(for: context)) } ?? .null,
      ])
  }

  private func problem(_ field: String, _ index: Int?, _ context: RequestContext) -> Value {
    index.flatMap { form.problems["\(field)-\($0)"] }.map { .text(context.text($0)) } ?? .null
  }

  private func row(_ channel: Channel, at index: Int?, _ context: RequestContext) -> Value {
    let kinds = [("email", "E-mail"), ("phone", "Phone"), ("whatsapp", "WhatsApp"), ("url", "Web")]
    return .record(
      ViewData(
        Self.channelShape,
        [
          context.choices(kinds).options(selected: channel.kind.rawValue), .text(channel.label),
          .text(channel.value), .bool(channel.isPrimary), problem("channel", index, context), .text(index.map(String.init) ?? "new"),
        ]))
  }

  private func row(_ draft: MembershipDraft, at index: Int?, _ context: RequestContext) -> Value {
    let error = problem("membership", index, context)
    let offers = if case .text = error { mayCreateCompanies && draft.companyID.isEmpty } else { false }
    return .record(
      ViewData(
        Self.membershipShape,
        [
          .text(draft.companyName), .text(draft.companyID), .text(draft.role), .text(draft.department), .bool(draft.isPrimary),
          .bool(draft.createsCompany), .bool(offers), error, .text(index.map(String.init) ?? "new"),
        ]))
  }

  private func row(_ item: OwnedItem, at index: Int?, _ context: RequestContext) -> Value {
    let kinds = [("device", "Device"), ("product", "Product"), ("text", "Other")]
    return .record(
      ViewData(
        Self.itemShape,
        [
          context.choices(kinds).options(selected: item.kind.rawValue), .text(item.label),
          .text(String(item.quantity)), .text(item.serialNumbers.joined(separator: ", ")), problem("item", index, context),
          .text(index.map(String.init) ?? "new"),
        ]))
  }
}
