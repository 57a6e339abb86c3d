import Base
import Store

/// What saving a contact's form came to.
enum SaveResult: Sendable {
  /// With the number of the activity entry, if anything changed.
  case saved(RecordID, entry: Int?)
  /// Something is wrong with the form: nothing was written.
  case refused(ValidationErrors)
  /// Somebody saved the record after this form was opened: nothing was written.
  case stale
}

extension ContactForm {
  /// Makes the contact, its memberships and the activity entry, all or nothing.
  func create(by actor: Actor, mayWriteCompanies: Bool, now: Timestamp, in db: Database) throws -> SaveResult {
    let (companies, problems) = try resolve(by: actor, mayCreate: mayWriteCompanies, now: now, in: db)
    guard problems.isEmpty else { return .refused(problems) }
    let id = try ContactStore.insert(details, by: actor, now: now, in: db)
    try MembershipStore.replace(of: id, with: companies, now: now, in: db)
    if !note.isEmpty { try ContactStore.addNote(Note(text: note, by: actor.name, at: now.text), to: id, in: db) }
    let entry = try Activity.record(
      "contact.created", type: "contact", id: id, name: details.name,
      changes: Change.between([], try texts(of: id, in: db)), by: actor, now: now, in: db)
    return .saved(id, entry: entry)
  }

  /// `action` is what the history calls it.
  func update(
    _ id: RecordID, as action: String = "contact.updated", by actor: Actor, mayWriteCompanies: Bool, now: Timestamp, in db: Database
  ) throws -> SaveResult {
    guard let stored = try ContactStore.find(id, .all, in: db) else { throw HTTPError.notFound }
    guard stored.version == version else { return .stale }
    let (companies, problems) = try resolve(by: actor, mayCreate: mayWriteCompanies, now: now, in: db)
    guard problems.isEmpty else { return .refused(problems) }
    let former = ContactForm(stored, memberships: try MembershipStore.of(contact: id, in: db))
    let before = try texts(of: id, in: db)
    guard try ContactStore.update(id, details, from: version, now: now, in: db) else { return .stale }
    try MembershipStore.replace(of: id, with: companies, now: now, in: db)
    let changes = Change.between(before, try texts(of: id, in: db))
    guard !changes.isEmpty else { return .saved(id, entry: nil) }
    let entry = try Activity.record(
      action, type: "contact", id: id, name: details.name, changes: changes,
      before: Revert.stored(former.posted, changes, names: Self.postedNames), by: actor, now: now, in: db)
    return .saved(id, entry: entry)
  }

  /// A contact with its memberships and owner as a person reads it.
  private func texts(of id: RecordID, in db: Database) throws -> [FieldText] {
    guard let contact = try ContactStore.find(id, .all, in: db) else { return [] }
    return contact.texts(try MembershipStore.of(contact: id, in: db))
  }

  /// The companies that the rows mean: by the picked id, by the exact name if one company bears it, or made when the form says so.
  private func resolve(
    by actor: Actor, mayCreate: Bool, now: Timestamp, in db: Database
  ) throws -> (places: [(company: RecordID, draft: MembershipDraft)], problems: ValidationErrors) {
    var problems = self.problems
    if !details.ownerID.isEmpty, try UserStore.name(of: details.ownerID, in: db) == nil {
      problems.add("owner", Message("Choose one of the values offered."))
    }
    var places: [(company: RecordID, draft: MembershipDraft)] = []
    for (index, draft) in memberships.enumerated() {
      let field = "membership-\(index)"
      let found = try company(for: draft, by: actor, mayCreate: mayCreate && problems.isEmpty, now: now, in: db)
      switch found {
      case .success(let company):
        if places.contains(where: { $0.company == company }) {
          problems.add(field, Message("This company is there twice."))
        } else {
          places.append((company, draft))
        }
      case .failure(let refusal): problems.add(field, refusal.message)
      }
    }
    return (places, problems)
  }

  private struct Refusal: Error {
    let message: Message
  }

  private func company(
    for draft: MembershipDraft, by actor: Actor, mayCreate: Bool, now: Timestamp, in db: Database
  ) throws -> Result<RecordID, Refusal> {
    if !draft.companyID.isEmpty {
      guard let id = RecordID(draft.companyID), let name = try CompanyStore.name(of: id, in: db) else {
        return .failure(Refusal(message: Message("This company is no longer there. Pick another.")))
      }
      // The name was typed over after picking: what is written counts.
      if draft.companyName.isEmpty || TextFolding.fold(draft.companyName) == TextFolding.fold(name) { return .success(id) }
    }
    let named = try CompanyStore.named(draft.companyName, in: db)
    if named.count == 1 { return .success(named[0]) }
    if named.count > 1 {
      return .failure(
        Refusal(message: Message("Several companies are called “{name}”. Pick one from the list.", ["name": draft.companyName])))
    }
    guard draft.createsCompany else {
      return .failure(Refusal(message: Message("There is no company “{name}” yet.", ["name": draft.companyName])))
    }
    guard mayCreate else { return .failure(Refusal(message: Message("Mend the rest of the form first; then the company is made."))) }
    let details = CompanyDetails(name: draft.companyName)
    if let problem = details.problems["name"] { return .failure(Refusal(message: problem)) }
    return .success(try CompanyStore.create(details, note: "", by: actor, now: now, in: db))
  }
}

extension Contact {
  func texts(_ memberships: [Membership]) -> [FieldText] {
    details.texts + [
      FieldText(field: "owner", text: ownerName),
      FieldText(field: "companies", text: memberships.map(\.text).joined(separator: "\n")),
    ]
  }
}
