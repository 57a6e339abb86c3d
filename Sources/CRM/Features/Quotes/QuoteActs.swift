import Admin
import Base
import Store
import Web

/// What happens to a quote besides editing it.
enum QuoteActs {
  private static let type = RecordType.quote

  /// Fixes the quote as the customer gets it.
  static func send(_ quote: Record, _ act: ActContext) throws -> Outcome {
    let document = DocumentValues(quote)
    guard document.lines.contains(where: \.kind.isPriced) else {
      return .invalid(ValidationErrors("", Message("Add a line before you send the quote.")))
    }
    if !document["valid_until"].isEmpty, document["valid_until"].text < (try act.businessDay()) {
      return .invalid(ValidationErrors("", Message("This quote has expired. Change “Valid until” first.")))
    }
    let outcome = try type.set(
      ["status": .text("sent"), "sent_at": .text(act.now.text), "recipient": document.recipient(in: act.db)], of: quote, as: "sent", act)
    if outcome.hasChanged { try QuoteLink.make(for: quote.id, act) }
    return outcome
  }

  /// Makes the order that the customer wants. The same quote accepted twice makes one order. One that has expired needs somebody who knows that.
  static func accept(_ quote: Record, by name: String, evenIfExpired isKnown: Bool = false, _ act: ActContext) throws -> (
    outcome: Outcome, order: RecordID?
  ) {
    if quote.status == "accepted" { return (.unchanged(quote.id), try order(of: quote.id, in: act.db)) }
    guard quote.status == "sent" else {
      return (.invalid(ValidationErrors("", Message("Only a quote that has been sent can be accepted."))), nil)
    }
    if !isKnown, isExpired(quote, on: try act.businessDay()) {
      let problem = Message(
        "This quote expired on {day}. To accept it, tick “Accept anyway”, or create a revision with a new date.",
        days: ["day": quote["valid_until"].text])
      return (.invalid(ValidationErrors("", problem)), nil)
    }
    let outcome = try type.set(
      ["status": .text("accepted"), "answered_at": .text(act.now.text), "answered_by": FieldValue(name)], of: quote, as: "accepted", act)
    guard outcome.hasChanged else { return (outcome, nil) }
    let made = try Order.create(from: quote, act)
    guard case .done(let order, _) = made else { throw Refused(outcome: made) }
    return (outcome, order)
  }

  static func isExpired(_ quote: Record, on today: String) -> Bool {
    let until = quote["valid_until"].text
    return !until.isEmpty && until < today
  }

  static func order(of quote: RecordID, in db: Database) throws -> RecordID? {
    try db.text("SELECT id FROM orders WHERE quote_id = \(quote)").flatMap { RecordID($0) }
  }

  static func decline(_ quote: Record, by name: String, _ reason: String, _ act: ActContext) throws -> Outcome {
    if quote.status == "declined" { return .unchanged(quote.id) }
    return try type.set(
      [
        "status": .text("declined"), "answered_at": .text(act.now.text), "answered_by": FieldValue(name),
        "decline_reason": FieldValue(reason),
      ], of: quote, as: "declined", act)
  }

  /// A draft that replaces a quote: the next revision, under the same number. The old one can't be accepted from now on.
  static func revise(_ quote: Record, _ act: ActContext) throws -> (outcome: Outcome, revision: RecordID?) {
    let closed = try type.set(["status": .text("superseded")], of: quote, as: "superseded", act)
    guard closed.hasChanged else { return (closed, nil) }
    var next = DocumentValues(quote)
    let former = quote["revision"].number ?? 1
    let base = former > 1 && quote.name.hasSuffix("/\(former)") ? String(quote.name.dropLast("/\(former)".count)) : quote.name
    // A revision in the trash keeps its number.
    var revision = former + 1
    while try act.db.value("SELECT 1 FROM quotes WHERE name = \("\(base)/\(revision)")") != nil { revision += 1 }
    next["number"] = .text("\(base)/\(revision)")
    next["revision"] = .integer(revision)
    next["revises"] = .reference(id: quote.id.text, name: quote.name)
    for name in ["status", "sent_at", "answered_at", "answered_by", "decline_reason", "recipient", "valid_until", "date"] {
      next[name] = .empty
    }
    next.keepRecipient(of: quote)
    let made = try type.create(next.values, known: quote.values, act)
    guard case .done(let id, _) = made else { throw Refused(outcome: made) }
    return (made, id)
  }
}

extension QuoteActs {
  /// A revision that is moved to the trash before it was sent leaves the quote as it was; one that comes back replaces it again.
  static func follow(revision id: RecordID, isTrashed: Bool, _ act: ActContext) throws {
    guard let revision = try RecordType.quote.record(id, in: act.db), let former = RecordID(revision["revises"].text),
      revision["sent_at"].isEmpty, let quote = try RecordType.quote.record(former, in: act.db), !quote.isTrashed
    else { return }
    let open = quote["answered_at"].isEmpty ? "sent" : "declined"
    let (from, to) = isTrashed ? ("superseded", open) : (open, "superseded")
    guard quote.status == from else { return }
    _ = try RecordType.quote.set(["status": .text(to)], of: quote, as: to == "superseded" ? "superseded" : "reopened", act)
  }
}

/// The steps of a quote, and what its page says of them.
enum QuoteActions {
  /// What is ticked to accept a quote that has expired.
  private static let expired = "expired"

  static let steps = DocumentSteps(
    type: { .quote }, resource: .quotes, path: "/admin/crm/quotes",
    steps: [
      DocumentStep(id: "send", label: "Mark as sent", icon: "send", isPrimary: true, from: ["draft"], to: "sent") { quote, _, act in
        .init(
          outcome: try QuoteActs.send(quote, act), href: quote.header.href,
          message: Message("{name} marked as sent.", ["name": quote.name]))
      },
      DocumentStep(
        id: "accept", label: "Accepted by customer", icon: "check2-circle", isPrimary: true, from: ["sent", "accepted"], to: "accepted",
        choices: { quote, context, db in
          guard QuoteActs.isExpired(quote, on: try Settings.businessDay(at: context.now, in: db).text) else { return nil }
          return .init(label: "This quote has expired", choices: [(expired, context.text(Message("Accept anyway")))])
        },
        isOffered: { quote, _, _ in quote.status == "sent" }
      ) { quote, answer, act in
        let (outcome, order) = try QuoteActs.accept(
          quote, by: act.actor.name, evenIfExpired: answer.chosen.contains(expired), act)
        return .init(
          outcome: outcome, href: order.map { RecordType.order.path(of: $0.text) } ?? quote.header.href,
          message: Message("{name} accepted. This is the new order.", ["name": quote.name]))
      },
      DocumentStep(
        id: "decline", label: "Declined by customer", icon: "x-circle", from: ["sent"], to: "declined", asks: "Reason"
      ) { quote, reason, act in
        .init(
          outcome: try QuoteActs.decline(quote, by: act.actor.name, reason.text, act), href: quote.header.href,
          message: Message("{name} marked as declined.", ["name": quote.name]))
      },
      DocumentStep(id: "revise", label: "Make a revision", icon: "pencil-square", from: ["sent", "declined"]) { quote, _, act in
        let (outcome, revision) = try QuoteActs.revise(quote, act)
        return .init(
          outcome: outcome, href: revision.map { RecordType.quote.path(of: $0.text) } ?? quote.header.href,
          message: Message("This is the next revision of {name}.", ["name": quote.name]))
      },
    ])

  static let panel = steps.panel { quote, context, db in
    let formats = context.formats
    let until = quote["valid_until"].text
    switch quote.status {
    case "draft": return (Message("A draft. The customer can’t see it yet."), false)
    case "sent":
      let today = try Settings.businessDay(at: context.now, in: db).text
      if until.isEmpty { return (Message("Waiting for an answer."), false) }
      return QuoteActs.isExpired(quote, on: today)
        ? (Message("Expired on {day}.", ["day": formats.date(until)]), true)
        : (Message("Waiting for an answer. Valid until {day}.", ["day": formats.date(until)]), false)
    case "superseded": return (Message("Replaced by a newer revision."), true)
    case "accepted", "declined": return nil
    default: return nil
    }
  }

  static let board = DocumentBoard(steps: steps, statuses: [.draft, .sent, .accepted, .declined])

  static let labels = [
    ActionLabel(action: "quote.reopened", label: "Reopened", icon: "arrow-counterclockwise"),
    ActionLabel(action: "quote.sent", label: "Sent", icon: "send"),
    ActionLabel(action: "quote.accepted", label: "Accepted", icon: "check2-circle"),
    ActionLabel(action: "quote.declined", label: "Declined", icon: "x-circle"),
    ActionLabel(action: "quote.superseded", label: "Replaced by a revision", icon: "pencil-square"),
  ]
}
