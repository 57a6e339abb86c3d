import Base
import Blobs
import Crypto
import Glibc
package import Store
import Web

/// A form that was sent does its act once, however often it comes: three clicks over a slow line, a reload, another try after an answer that got lost.
/// Each rendered form carries a key. The act writes the key in its own transaction, so of two that come at the same time one acts, and the same form
/// sent again gets the first one's answer. One with other content, as after going back in the browser, acts again, and the answer says so.
/// What fails uses no key up. A form without a key acts each time.
struct SentForm: Sendable {
  /// The hidden input of forms.
  static let input = "form_key"
  /// How long a key is kept, in seconds.
  static let life = 7 * 24 * 3600

  private let user: RecordID
  /// By request, so that what one request does in several steps isn't taken for several.
  private let request: String
  /// Of the key and of where it was sent to: the forms of a page share a key.
  private var key: String
  private var content: String
  /// Whether it was made from a version of what it changes, which already tells it from the next one.
  private let isVersioned: Bool

  /// `nil` for a form without a key.
  init?(_ form: FormFields, files: [PostedFile], of user: RecordID, at path: String, request: String) {
    guard let key = form[Self.input], !key.isEmpty else { return nil }
    self.user = user
    self.request = request
    self.key = Digest.hash(key + "\n" + path)
    let passedOver: Set<String> = [Self.input, "csrf_token", "save"]
    let fields = form.fields.filter { !passedOver.contains($0.name) }.flatMap { [$0.name, $0.value] }
    content = Digest.hash((fields + files.flatMap { [$0.field, $0.name, (try? $0.staged.checksum()) ?? ""] }).joined(separator: "\0"))
    isVersioned = (form["version"].flatMap { Int($0) } ?? 0) > 0
  }

  /// The part of a key that all forms of a page share; the rest tells those apart that are sent to the same address.
  static func page(of key: String) -> String { String(key.prefix { $0 != "." }.prefix(64)) }

  /// One of several things that a form asks for and that are done one by one, so that those which failed can be sent again.
  func part(_ name: String) -> SentForm {
    var part = self
    part.key = Digest.hash(key + "\n" + name)
    part.content = ""
    return part
  }

  /// What came of it, where it was sent before.
  struct First {
    let outcome: Outcome
    /// Where it led; `nil` until that is known.
    let location: String?
  }

  private enum Found {
    case nothing, first(First), other
  }

  private func find(in db: Database) throws -> Found {
    let row = try db.first(
      "SELECT content, request_id, outcome_id, undo, location FROM sent_forms WHERE user_id = \(user) AND form_key = \(key)"
    ) {
      (
        content: $0.text(0), request: $0.text(1),
        first: First(outcome: .done($0.recordID(2), undo: $0.textOrNil(3)), location: $0.textOrNil(4))
      )
    }
    guard let row, row.request != request else { return .nothing }
    return row.content == content ? .first(row.first) : .other
  }

  /// What came of it, if the same was sent before.
  func first(in db: Database) throws -> First? {
    if case .first(let first) = try find(in: db) { first } else { nil }
  }

  /// Whether it was sent before with something else in it, which was done. An edit of a later version is just the next edit.
  func wasSentOtherwise(in db: Database) throws -> Bool {
    if !isVersioned, case .other = try find(in: db) { true } else { false }
  }

  func note(_ id: RecordID, undo: String?, at now: Timestamp, in db: Database) throws {
    try db.run(
      """
      INSERT INTO sent_forms (user_id, form_key, content, request_id, outcome_id, undo, sent_at)
      VALUES (\(user), \(key), \(content), \(request), \(id), \(undo), \(now))
      ON CONFLICT (user_id, form_key) DO UPDATE SET content = excluded.content, request_id = excluded.request_id,
        outcome_id = excluded.outcome_id, undo = excluded.undo, location = NULL, sent_at = excluded.sent_at
      WHERE request_id <> excluded.request_id
      """)
  }

  /// Where the answer leads.
  func note(location: String, in store: Store) {
    store.writeSoon("sent form " + key) { db in
      _ = try db.run(
        """
        UPDATE sent_forms SET location = \(location)
        WHERE user_id = \(user) AND form_key = \(key) AND request_id = \(request)
        """)
    }
  }
}

extension RequestContext {
  /// Does what a form asks for, once: one that was sent before has the outcome that it had then.
  /// `part` names one of several things that it asks for.
  package func once(in db: Database, part: String? = nil, _ body: () throws -> Outcome) throws -> (outcome: Outcome, isRepeated: Bool) {
    guard let sentForm else { return (try body(), false) }
    let form = part.map(sentForm.part) ?? sentForm
    if let first = try form.first(in: db) { return (first.outcome, true) }
    let wasSentOtherwise = try form.wasSentOtherwise(in: db)
    let outcome = try body()
    if case .done(let id, let undo) = outcome {
      hasActedBefore = wasSentOtherwise
      try form.note(id, undo: undo, at: now, in: db)
      hasActed = true
    }
    return (outcome, false)
  }

  /// Whether a part of the form was done when it was sent before.
  func isDone(part: String) throws -> Bool {
    guard let form = sentForm?.part(part) else { return false }
    return try store.read { db in try form.first(in: db) } != nil
  }

  /// The key of this page's forms: the posted one where a form comes back, a new one otherwise and after it has done something.
  func formKey(newFrom token: String) -> String {
    if !hasActed, request.method == .post, canReadForm, let posted = (try? form())?[SentForm.input], !posted.isEmpty {
      return SentForm.page(of: posted)
    }
    // The mask of a token is random for each page.
    return String(token.prefix(22))
  }
}

extension Pipeline {
  /// Lets a route answer a form, or answers as it did when the same form came before.
  func answerOnce(_ context: RequestContext, _ route: Route) throws -> Response {
    guard let form = context.sentForm else { return try route.handler(context) }
    if let first = try services.store.read({ db in try form.first(in: db) }), let location = first.location {
      return again(context, first, location)
    }
    do {
      let response = try route.handler(context)
      if response.status < 400 {
        if context.hasActed, let location = response.headers["Location"] { form.note(location: location, in: services.store) }
        return response
      }
      return try answer(of: form, context) ?? response
    } catch HTTPError.notFound {
      // It may be this form that took away what it names.
      guard let first = try answer(of: form, context) else { throw HTTPError.notFound }
      return first
    }
  }

  /// The answer of the same form that was quicker; `nil` if there was none. It takes a moment until it is known where that one leads.
  private func answer(of form: SentForm, _ context: RequestContext) throws -> Response? {
    guard !context.hasActed else { return nil }
    for _ in 0..<10 {
      guard let first = try services.store.read({ db in try form.first(in: db) }) else { return nil }
      if let location = first.location { return again(context, first, location) }
      usleep(50_000)
    }
    return nil
  }

  private func again(_ context: RequestContext, _ first: SentForm.First, _ location: String) -> Response {
    context.redirect(to: location, Flash(Message("Already saved. The form was submitted twice."), undo: first.outcome.undo))
  }
}
