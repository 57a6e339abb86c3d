import Admin
import Base
import Money
import Store
import Templating
import Web

/// A quote as its customer reads and answers it, by a secret link and without signing in; in the language of the document.
enum QuotePage {
  static let routes: [Route] = [
    .get("/q/{secret}", .anyone, effort: .read, show), .post("/q/{secret}", .anyone, keepsForms: false, post),
    .get("/q/{secret}/quote.pdf", .anyone, effort: .files, pdf),
  ]

  /// Where a quote is between us and its customer.
  enum State: String {
    case waiting, expired, accepted, declined, replaced

    init(_ quote: Record, on today: String) {
      switch quote.status {
      case "accepted": self = .accepted
      case "declined": self = .declined
      case "superseded": self = .replaced
      default:
        self = QuoteActs.isExpired(quote, on: today) ? .expired : .waiting
      }
    }

    var mayComment: Bool { self != .replaced }
  }

  private static let formShape = ViewSchema(
    "quote-answer-form",
    [("name", .text), ("nameError", .optional(.text)), ("text", .text), ("textError", .optional(.text)), ("isOpen", .bool)]
  )
  static let shape = ViewSchema(
    "quote-page",
    [
      ("sender", .text), ("number", .text), ("title", .text), ("state", .text), ("badge", .text), ("headline", .text), ("detail", .text),
      ("isPreview", .bool),
      ("recipient", .list(.text)), ("date", .text), ("validUntil", .text), ("reference", .text), ("total", .text),
      ("introduction", .list(.text)), ("table", .record(DocumentPanel.tableSchema)), ("sums", .list(.record(DocumentPanel.sumSchema))),
      ("exemptions", .list(.text)), ("terms", .list(.text)),
      ("here", .text), ("problem", .optional(.text)), ("mayAnswer", .bool), ("mayComment", .bool), ("accept", .record(formShape)),
      ("decline", .record(formShape)), ("comment", .record(formShape)),
    ])
  static let closedShape = ViewSchema("quote-closed", [("sender", .text)])

  private static let longestName = 120
  private static let longestText = 2_000

  // MARK: Handlers

  @Sendable private static func show(_ context: RequestContext) throws -> Response {
    try context.services.openPages.opens(context)
    let secret = context.parameters["secret"] ?? ""
    return try context.store.read { db in
      guard let (link, quote) = try find(secret, context, in: db) else { return try closed(context) }
      // The office looking at what it has sent isn't the customer.
      if link.openedAt == nil, context.request.method == .get, !isOffice(context) {
        let now = context.now
        context.services.store.writeSoon("quote opened " + quote.id.text) { db in try QuoteLink.noteOpened(secret, at: now, in: db) }
      }
      return try page(context, link, quote, in: db)
    }
  }

  @Sendable private static func pdf(_ context: RequestContext) throws -> Response {
    try context.services.openPages.opens(context)
    guard let (_, quote) = try context.store.read({ db in try find(context.parameters["secret"] ?? "", context, in: db) }) else {
      return try closed(context)
    }
    return unlisted(try DocumentFiles.response(DocumentPrint(kind: .quote, record: quote), for: context))
  }

  /// What a customer sends. Sent twice, or by two at once, it is done once, and both see what became of it.
  @Sendable private static func post(_ context: RequestContext) throws -> Response {
    let openPages = context.services.openPages
    try openPages.opens(context)
    let secret = context.parameters["secret"] ?? ""
    guard let found = try context.store.read({ db in try find(secret, context, in: db) }) else { return try closed(context) }
    try openPages.sends(by: found.quote.id.text, context)
    let answer = Answer(try context.form())
    speak(found.quote, context)
    if isOffice(context) { return .redirect(context.path) }
    if !answer.errors.isEmpty { return try refuse(context, answer, secret) }
    let name = context.officeLanguage.text("{name} (customer)", ["name": .text(answer.name)])
    var problem: Message?
    do {
      try context.store.write { db in
        // As it is now: of two at once, the second finds it answered.
        guard let (link, quote) = try QuoteLink.find(secret, in: db) else { throw HTTPError.notFound }
        let act = context.act(in: db, as: .program(Actor(id: nil, name: name)))
        problem = try Self.act(answer, link, quote, act)
      }
    } catch is Refused {
      problem = Message("This quote can’t be accepted online at the moment. Please contact us.")
    } catch HTTPError.notFound {
      return try closed(context)
    }
    if let problem { return try refuse(context, answer, secret, problem) }
    let flash = answer.kind == .comment ? Flash(Message("Thank you. Your message was sent.")) : nil
    return context.redirect(to: context.path, flash)
  }

  /// What was sent.
  private struct Answer {
    enum Kind: String { case accept, decline, comment }

    let kind: Kind
    let name: String
    let text: String
    var errors: ValidationErrors

    init(_ form: FormFields) {
      var reader = FormReader(form, single: ["answer", "name", "text"])
      kind = Kind(rawValue: form["answer"] ?? "") ?? .comment
      name = reader.line("name", atMost: QuotePage.longestName)
      text = reader.text("text", atMost: QuotePage.longestText)
      errors = reader.problems
      if name.isEmpty { errors.add("name", Message("Enter your name.")) }
      if kind == .comment, text.isEmpty { errors.add("text", Message("Write a message first.")) }
    }
  }

  /// `nil` when it is done, or was so already.
  private static func act(_ answer: Answer, _ link: QuoteLink, _ quote: Record, _ act: ActContext) throws -> Message? {
    let state = State(quote, on: try act.businessDay())
    let user = RecordID(quote["owner"].text) ?? link.createdBy.flatMap { RecordID($0) }
    switch answer.kind {
    case .accept:
      guard state == .waiting else { return nil }
      let (outcome, _) = try QuoteActs.accept(quote, by: answer.name, act)
      guard outcome.hasChanged else { return outcome.errors.first }
      try link.noteAnswered(act)
      try Notifications.tell(user, .customerAccepted, on: quote.header, act)
    case .decline:
      guard state == .waiting else { return nil }
      let outcome = try QuoteActs.decline(quote, by: answer.name, answer.text, act)
      guard outcome.hasChanged else { return outcome.errors.first }
      try link.noteAnswered(act)
      try Notifications.tell(user, .customerDeclined, on: quote.header, act)
    case .comment:
      guard state.mayComment else { return nil }
      return try CommentActs.add(plain: answer.text, on: quote.header, telling: user, act).errors.first
    }
    return nil
  }

  // MARK: Pages

  private static func find(_ secret: String, _ context: RequestContext, in db: Database) throws -> (link: QuoteLink, quote: Record)? {
    guard context.settings.isCRMOn else { return nil }
    return try QuoteLink.find(secret, in: db)
  }

  private static func isOffice(_ context: RequestContext) -> Bool { context.may(.readOwn, on: .quotes) }

  /// From here on everything is in the language of the document.
  private static func speak(_ quote: Record, _ context: RequestContext) {
    let chosen = quote["language"].text
    context.language = chosen.isEmpty ? context.officeLanguage : context.services.languages.language(chosen)
  }

  /// The same for a link that was revoked, one that never was, and one to what is in the trash.
  private static func closed(_ context: RequestContext) throws -> Response {
    context.services.openPages.missed(context)
    return unlisted(try context.page("quotes/closed", ViewData(closedShape, [.text(sender(context))]), status: 404))
  }

  /// Who the customer deals with, as on letters.
  private static func sender(_ context: RequestContext) -> String { Letterhead.name(of: Sender(context.settings), for: context) }

  /// The page with what was typed and what speaks against it.
  private static func refuse(_ context: RequestContext, _ answer: Answer, _ secret: String, _ problem: Message? = nil) throws -> Response {
    try context.store.read { db in
      guard let (link, quote) = try find(secret, context, in: db) else { return try closed(context) }
      return try page(context, link, quote, answer, problem ?? answer.errors[""], status: 422, in: db)
    }
  }

  /// No search engine lists it. What it links to learns nothing of its address, and nobody stores it: see `SecurityHeaders`.
  private static func unlisted(_ response: Response) -> Response {
    var response = response
    response.headers.set("X-Robots-Tag", "noindex, nofollow, noarchive")
    return response
  }

  private static func page(
    _ context: RequestContext, _ link: QuoteLink, _ quote: Record, _ answer: Answer? = nil, _ problem: Message? = nil, status: Int = 200,
    in db: Database
  ) throws -> Response {
    speak(quote, context)
    let formats = Formats(language: context.language, zone: ZoneClock(context.settings[.defaultTimeZone].text), now: context.now)
    let document = DocumentValues(quote)
    let (view, totals) = (DocumentView(document, formats), try? document.totals())
    let state = State(quote, on: try Settings.businessDay(at: context.now, in: db).text)
    let isPreview = isOffice(context)
    let recipient = Recipient(quote["recipient"])
    let (headline, detail) = says(state, quote, link, formats)
    let person = recipient.map { $0.person } ?? ""
    func form(_ kind: Answer.Kind, name: String) -> Value {
      guard let answer, answer.kind == kind else {
        return .record(ViewData(formShape, [.text(name), .null, .text(""), .null, .bool(false)]))
      }
      func error(_ input: String) -> Value { answer.errors[input].map { .text(context.text($0)) } ?? .null }
      return .record(ViewData(formShape, [.text(answer.name), error("name"), .text(answer.text), error("text"), .bool(true)]))
    }
    func paragraphs(_ name: String) -> Value {
      .list(
        quote[name].isEmpty ? [] : quote[name].text.split(separator: "\n", omittingEmptySubsequences: false).map { .text(String($0)) })
    }
    return unlisted(
      try context.page(
        "quotes/page",
        ViewData(
          shape,
          [
            .text(sender(context)), .text(quote.name), .text(quote["title"].text), .text(state.rawValue), .text(context.text(state.badge)),
            .text(context.text(headline)), .text(context.text(detail)), .bool(isPreview),
            .list(
              (recipient.map { $0.lines(country: formats.country($0.country)) + [$0.vatNumber] } ?? []).filter { !$0.isEmpty }
                .map { .text($0) }),
            .text(formats.date(quote["date"].text)), .text(formats.date(quote["valid_until"].text)), .text(quote["reference"].text),
            .text(totals.map { view.money($0.gross) } ?? ""), paragraphs("introduction"),
            .record(view.table(document.lines, totals)), .list((totals.map { view.sums($0) } ?? []).map { .record($0.view) }),
            .list(view.exemptions.map { .text($0) }),
            paragraphs("terms"), .text(context.path), problem.map { .text(context.text($0)) } ?? .null,
            .bool(state == .waiting && !isPreview), .bool(state.mayComment && !isPreview), form(.accept, name: ""),
            form(.decline, name: person), form(.comment, name: person),
          ]), status: status))
  }

  /// Its state, in words.
  private static func says(_ state: State, _ quote: Record, _ link: QuoteLink, _ formats: Formats) -> (headline: Message, detail: Message) {
    let until = formats.date(quote["valid_until"].text)
    let answered = ["day": formats.day(quote["answered_at"].text), "name": quote["answered_by"].text]
    switch state {
    case .waiting:
      return (
        until.isEmpty ? Message("This quote is waiting for your answer.") : Message("Valid until {day}", ["day": until]),
        Message("Read it, ask us if anything is unclear, and accept it below.")
      )
    case .expired:
      return (Message("This quote expired on {day}.", ["day": until]), Message("Write to us below if you’d like a new one."))
    case .accepted:
      return (
        link.isAnswered ? Message("Accepted by {name} on {day}", answered) : Message("Accepted on {day}", answered),
        Message("Thank you! We have your order and will be in touch.")
      )
    case .declined:
      return (
        link.isAnswered ? Message("Declined by {name} on {day}", answered) : Message("Declined on {day}", answered),
        Message("Thank you for letting us know. If you change your mind, write to us below.")
      )
    case .replaced:
      return (
        Message("This quote was replaced by a newer one."),
        Message("It can no longer be accepted. You’ll get a link to the new quote, or have it already.")
      )
    }
  }
}

extension QuotePage.State {
  var badge: Message {
    switch self {
    case .waiting: Message("Quote")
    case .expired: Message("Expired")
    case .accepted: Message("Accepted")
    case .declined: Message("Declined")
    case .replaced: Message("Replaced")
    }
  }
}
