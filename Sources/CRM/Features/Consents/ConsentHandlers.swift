import Admin
import Base
import Store
import Web

/// Giving and withdrawing consent on a contact's page: by the same act as saving its form, with what is known about it.
enum ConsentHandlers {
  @Sendable static func change(_ context: RequestContext) throws -> Response {
    var reader = FormReader(try context.form(), single: ["channel", "given", "way", "remark", "text"])
    let channel = reader.choice("channel", of: [Consent.everything] + Consent.channels.map(\.0))
    let isGiven = reader.choice("given", of: ["yes", "no"]) == "yes"
    var details = Consent.Details()
    details.way = reader.choice("way", of: Consent.ways.map(\.0))
    details.remark = reader.line("remark", atMost: 500)
    let version = Int(reader.line("text"))
    if let problem = reader.problems.first { throw HTTPError.badRequest(problem) }
    let (type, id, scope) = (RecordType.contact, try context.id(), try context.scope(of: .contacts))
    let href = type.path(of: id.text)
    let contact = try context.store.read { db in try context.load(in: db) { try RecordStore.find(id, of: type, scope, in: $0) } }
    if contact.isTrashed { return context.redirect(to: href, .restoreFirst(contact.name)) }
    let outcome = try context.act { act -> Outcome in
      try context.confirm(in: act.db)
      guard let contact = try RecordStore.find(id, of: type, scope, in: act.db) else { throw HTTPError.notFound }
      // Nobody agrees to a text that has been replaced since the page was drawn.
      if isGiven, let version, try Consent.currentText(in: act.db)?.version == version { details.textVersion = version }
      let values = changed(contact.values, channel, isGiven)
      guard values != contact.values else { return .unchanged(id) }
      try Consent.record(channel, isGiven, for: id, act, details)
      let outcome = try type.save(values, over: id, from: contact.version, act)
      // What isn't saved isn't recorded: the transaction ends here.
      guard outcome.hasChanged else { throw HTTPError.badRequest(.notOffered) }
      return outcome
    }
    return context.redirect(
      to: href + "#consent", outcome, isGiven ? Message("Consent recorded.") : Message("Consent withdrawn."),
      orElse: Message("Nothing to change."))
  }

  private static func changed(_ values: [FieldValue], _ channel: String, _ isGiven: Bool) -> [FieldValue] {
    let type = RecordType.contact
    var values = values
    if channel == Consent.everything, let index = type.index(of: "opted_out") {
      if isGiven { values[index] = .empty } else if values[index].isEmpty { values[index] = .integer(1) }
    } else if let index = type.index(of: "consent") {
      let given = Consent.channels.map(\.0).filter { $0 == channel ? isGiven : ChoicesField.chosen(values[index]).contains($0) }
      let others = ChoicesField.chosen(values[index]).filter { value in !Consent.channels.contains { $0.0 == value } }
      values[index] = FieldValue((given + others).joined(separator: ","))
    }
    return values
  }
}
