import Base
import Crypto
import Store
import Templating
import Web

/// Nothing typed is lost when a session ends: the posted form is kept, and after signing in again its page comes back filled in.
///
/// The token of a session that is over is no key to anything: it only says whose form this is, and the form waits for them alone. What may be left
/// depends on how the session ended.
/// - It expired by itself: its browser is still its owner's. The form is kept with its files, as far as they fit in a form without upload (`BodyLimit`).
/// - Somebody ended it (signed out, here or from elsewhere; changed the password): a copy of the token may be in the wrong hands, which must not fill
///   the disk, nor put anything in front of its owner, nor push out what they typed. The form is kept for a day after the end, without files, up to a
///   size, a few in a while, beside others that wait and never in place of one. The browser gets a new secret, and the form waits for that.
/// - The account is closed: nothing is kept.
package enum DraftRecovery {
  static let routes: [Route] = [.get("/kept-form", .signedIn, effort: .write, show)]

  /// How long a form waits for its writer, in seconds.
  static let life = 24 * 3600
  /// How many wait for one person, who may have lost several browsers' sessions at once; the oldest gives way.
  private static let most = 20
  /// After a session that was ended on purpose: as long as fewer wait, and in bytes.
  private static let mostAfterEnd = 10
  private static let sizeAfterEnd = 256 << 10

  /// Keeps a form for the person whose session it was made in, and who could send it again after signing in; `nil` when there is none. The form's own
  /// token proves that it is ours, and tells whose. A browser that has lost its cookie gets a new secret to be known by. Gives the names of files that
  /// came along and for which there is no room.
  static func keep(_ context: RequestContext, form: FormFields, _ access: Access) throws -> [String]? {
    guard let user = try former(context, form), access.admits(user.grants) else { return nil }
    if let endedAt = user.endedAt {
      guard context.now < endedAt.adding(seconds: life), try hasRoomAfterEnd(for: user.id, context) else { return nil }
    }
    let (fields, refused) = try gather(form, context, for: user.id, takesFiles: user.endedAt == nil)
    let body = JSON.array(fields.map { .array([.string($0.name), .string($0.value)]) }).text
    if user.endedAt != nil, body.utf8.count > sizeAfterEnd { throw HTTPError.tooLarge }
    let isNew = context.browserToken == nil || user.endedAt != nil
    let token = isNew ? SecureRandom.token() : context.browserToken ?? ""
    try context.store.write { db in
      try db.run(
        """
        INSERT INTO kept_forms (token_hash, user_id, path, body, kept_at)
        VALUES (\(SessionStore.hash(token)), \(user.id), \(context.request.target), \(body), \(context.now))
        ON CONFLICT (token_hash) DO UPDATE SET path = excluded.path, body = excluded.body, kept_at = excluded.kept_at
        """)
      try db.run(
        """
        DELETE FROM kept_forms WHERE user_id = \(user.id) AND token_hash NOT IN (
          SELECT token_hash FROM kept_forms WHERE user_id = \(user.id) ORDER BY kept_at DESC LIMIT \(most))
        """)
    }
    // Only now: until the form is kept, its own token is what says whose it is.
    if isNew { context.carry(token) }
    return refused
  }

  /// Draws a form's page again, filled in, whose token is of an earlier session of the one who is signed in: another window changed the password, or
  /// signed out and in again. Nothing is saved. `nil` for a form of anybody else, or of no session.
  static func redraw(_ context: RequestContext, form: FormFields) throws -> Response? {
    guard let user = context.session?.user.id,
      try context.store.read({ db in try SessionStore.formerUser(formToken: form["csrf_token"], in: db) })?.id == user
    else { return nil }
    let fields = try gather(form, context, for: user, takesFiles: true).fields.filter { $0.name != SentForm.input }
    return try context.pipeline.replay(context, path: context.request.target, form: FormFields(fields), saying: nothingIsSaved)
  }

  private static var nothingIsSaved: Message { Message("Welcome back. Your unsaved input is below.") }

  private static func former(_ context: RequestContext, _ form: FormFields) throws -> SessionStore.FormerUser? {
    try context.store.read { db in try SessionStore.formerUser(formToken: form["csrf_token"], in: db) }
  }

  private static func hasRoomAfterEnd(for user: RecordID, _ context: RequestContext) throws -> Bool {
    let key = "kept-form:" + user.text
    let throttle = context.services.signInThrottle
    if let wait = throttle.mayTry(key) { throw HTTPError.tooManyTries(seconds: wait.seconds) }
    throttle.failed(key)
    return try context.store.read { db in
      try db.value("SELECT count(*) FROM kept_forms WHERE user_id = \(user) AND kept_at >= \(context.now.adding(seconds: -life))") ?? 0
    } < mostAfterEnd
  }

  /// The fields that wait, never a password, and files that came along as uploads; the names of those that don't come along.
  private static func gather(
    _ form: FormFields, _ context: RequestContext, for user: RecordID, takesFiles: Bool
  ) throws -> (fields: [FormFields.Field], refused: [String]) {
    var fields = form.fields.filter { $0.name != "csrf_token" && !$0.name.contains("password") }
    var refused = context.filesPassedOver.map { MediaLibrary.clean($0) }
    for file in context.files {
      if takesFiles, let upload = try Uploads.adopt(file, for: user, context.services.media, now: context.now) {
        fields.append(FormFields.Field(file.uploadField, upload.id.text))
      } else {
        refused.append(MediaLibrary.clean(file.name))
      }
    }
    return (fields, refused)
  }

  static func exists(token: String, in db: Database) throws -> Bool {
    try db.value("SELECT EXISTS (SELECT 1 FROM kept_forms WHERE token_hash = \(SessionStore.hash(token)))") == 1
  }

  /// Hands a kept form on to the token that the same person signed in with; `false` if there is none, or it is somebody else's.
  static func move(from former: String, to token: String, user: RecordID, in db: Database) throws -> Bool {
    try db.run(
      """
      UPDATE kept_forms SET token_hash = \(SessionStore.hash(token)) WHERE token_hash = \(SessionStore.hash(former)) AND user_id = \(user)
      """) == 1
  }

  /// The page of the kept form, as its own handler draws it: filled in, nothing saved yet.
  @Sendable static func show(_ context: RequestContext) throws -> Response {
    let user = try context.user.id
    guard let token = context.browserToken else { return context.redirect(to: "/") }
    let kept = try context.store.read { db in
      try db.first("SELECT path, body FROM kept_forms WHERE token_hash = \(SessionStore.hash(token)) AND user_id = \(user)") {
        (path: $0.text(0), body: $0.text(1))
      }
    }
    guard let kept else { return context.redirect(to: "/") }
    let pairs = (try? JSON(parsing: kept.body))?.array ?? []
    let fields = pairs.compactMap { pair -> FormFields.Field? in
      guard let items = pair.array, items.count == 2, let name = items[0].string, let value = items[1].string else { return nil }
      return FormFields.Field(name, value)
    }
    let response = try context.pipeline.replay(context, path: kept.path, form: FormFields(fields), saying: nothingIsSaved)
    // A page that shows the form has brought it back; it stays kept until then.
    try context.store.write { db in _ = try db.run("DELETE FROM kept_forms WHERE token_hash = \(SessionStore.hash(token))") }
    return response
  }
}
