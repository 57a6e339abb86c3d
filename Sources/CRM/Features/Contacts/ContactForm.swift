import Base
import Web

/// A contact's form as it was posted: what was typed, what it means, what is wrong with it.
struct ContactForm: Sendable {
  var details = ContactDetails()
  var memberships: [MembershipDraft] = []
  /// A first note, when the contact is new.
  var note = ""
  /// The version that the form was made from; 0 for a new contact.
  var version = 0
  var problems = ValidationErrors()

  /// Fields that come once, in the order of the page.
  static let texts = [
    "name", "status", "job_title", "street", "postal_code", "city", "region", "country", "language", "source", "owner", "note",
  ]
  static let channelFields = ["channel_type", "channel_label", "channel_value", "channel_primary"]
  static let membershipFields = ["company", "company_id", "role", "department", "membership_primary", "create_company"]
  static let itemFields = ["item_type", "item_label", "item_quantity", "item_serials"]
  private static let single = Set(texts + ["version", "opted_out", "email", "phone", "return_to"])
  private static let repeated = Set(channelFields + membershipFields + itemFields + ["consent"])

  /// The form of a contact as it is stored.
  init(_ contact: Contact, memberships: [Membership]) {
    details = contact.details
    if contact.status == "trashed" { details.status = "active" }
    version = contact.version
    self.memberships = memberships.map {
      MembershipDraft(
        companyName: $0.companyName, companyID: $0.companyID.text, role: $0.role, department: $0.department, isPrimary: $0.isPrimary)
    }
  }

  init() {}

  /// `keepsBlankRows` is for adding and removing rows: then the n-th row posted is the n-th row here.
  init(_ form: FormFields, keepsBlankRows: Bool = false) {
    var reader = FormReader(form, single: Self.single, repeated: Self.repeated)
    details.name = reader.line("name", atMost: .max)
    details.status = reader.choice("status", of: ["active", "inactive"])
    details.jobTitle = reader.line("job_title", atMost: .max)
    details.address = Address(
      street: reader.line("street", atMost: .max), postalCode: reader.line("postal_code", atMost: .max),
      city: reader.line("city", atMost: .max),
      region: reader.line("region", atMost: .max), country: reader.line("country", atMost: .max).uppercased())
    details.language = reader.line("language", atMost: .max)
    details.source = reader.line("source", atMost: .max)
    details.ownerID = reader.line("owner", atMost: .max)
    details.consent = Set(form.all("consent")).intersection(Self.consents)
    details.isOptedOut = reader.isOn("opted_out")
    note = reader.text("note")
    version = Int(reader.line("version")) ?? 0
    details.channels = Self.channels(&reader, keepsBlankRows)
    details.ownedItems = Self.items(&reader, keepsBlankRows)
    memberships = Self.memberships(&reader, keepsBlankRows)
    problems = reader.problems
    problems.add(details.problems)
    for (index, membership) in memberships.enumerated() {
      for text in [membership.companyName, membership.role, membership.department] {
        if let problem = TextRules.problem(with: text, atMost: 255) { problems.add("membership-\(index)", problem) }
      }
    }
  }

  static let consents: Set<String> = ["email", "phone", "sms", "whatsapp"]

  /// Rows without a value are rows that nobody filled in. `email` and `phone` alone are a short way to say a first channel.
  private static func channels(_ reader: inout FormReader, _ keepsBlanks: Bool) -> [Channel] {
    var channels: [Channel] = []
    for row in reader.rows(channelFields) where keepsBlanks || !row[2].isEmpty {
      guard let kind = Channel.Kind(rawValue: row[0]) else {
        reader.problem("channel-\(channels.count)", Message("Choose one of the values offered."))
        continue
      }
      channels.append(Channel(kind: kind, label: row[1], value: row[2], isPrimary: !row[3].isEmpty))
    }
    for kind in [Channel.Kind.email, .phone] {
      let value = TextNormalizing.clean(reader.form[kind.rawValue] ?? "")
      if !value.isEmpty { channels.append(Channel(kind: kind, label: "", value: value, isPrimary: false)) }
    }
    return channels
  }

  private static func items(_ reader: inout FormReader, _ keepsBlanks: Bool) -> [OwnedItem] {
    reader.rows(itemFields).filter { keepsBlanks || !$0[1].isEmpty || !$0[3].isEmpty }.map { row in
      OwnedItem(
        kind: OwnedItem.Kind(rawValue: row[0]) ?? .text, label: row[1], quantity: row[2].isEmpty ? 1 : Int(row[2]) ?? 0,
        serialNumbers: row[3].split(whereSeparator: { $0 == "," || $0 == "\n" }).map { TextNormalizing.clean(String($0)) }.filter {
          !$0.isEmpty
        })
    }
  }

  private static func memberships(_ reader: inout FormReader, _ keepsBlanks: Bool) -> [MembershipDraft] {
    // Without script, the box "create new" comes only from rows that have it ticked: as the row's number.
    let ticked = Set(reader.form.all("create_company"))
    return reader.rows(membershipFields.filter { $0 != "create_company" }).enumerated().map { index, row in
      MembershipDraft(
        companyName: row[0], companyID: row[1], role: row[2], department: row[3], isPrimary: !row[4].isEmpty,
        createsCompany: ticked.contains(String(index)) || ticked.contains(row[0]))
    }.filter { keepsBlanks || !$0.isBlank }
  }
}
