import Base
import Crypto
import Store
import Templating
import Web

/// Nothing typed is lost when a session ends: the posted form is kept, and after signing in again its page comes back filled in.
enum KeptForms {
  static let routes: [Route] = [.get("/kept-form", .signedIn, effort: .write, show)]

  /// How long a form waits for its writer, in seconds.
  private static let life = 24 * 3600
  /// How many wait for one person, who may have lost several browsers' sessions at once; the oldest gives way.
  private static let most = 20

  /// Keeps a form for the person whose session it was made in, and who could send it again after signing in; `nil` when there is none. A browser
  /// that has lost its cookie gets a new secret to be known by; the form's own token proves that the form is ours. Gives the names of files that
  /// came along and for which there is no room.
  static func keep(_ visit: Visit, form: FormFields, _ access: Access) throws -> [String]? {
    let user = try visit.store.read { db in
      try visit.browserToken.map { try SessionStore.formerUser(token: $0, in: db) }
        ?? SessionStore.formerUser(formToken: form["csrf_token"], in: db)
    }
    guard let user, access.admits(user.roles) else { return nil }
    if visit.browserToken == nil { visit.carry(SecureRandom.token()) }
    guard let token = visit.browserToken else { return nil }
    // Files that came along wait as uploads do.
    var fields = form.fields
    var refused: [String] = []
    for file in visit.files {
      if let upload = try Uploads.adopt(file, for: user.id, visit.application.media, now: visit.now) {
        fields.append(FormFields.Field("upload", upload.id.text))
      } else {
        refused.append(MediaLibrary.clean(file.name))
      }
    }
    let body = JSON.array(
      fields.filter { $0.name != "csrf_token" && !$0.name.contains("password") }.map { .array([.string($0.name), .string($0.value)]) })
    try visit.store.write { db in
      try db.run("DELETE FROM kept_forms WHERE kept_at < \(visit.now.adding(seconds: -life))")
      try db.run(
        """
        INSERT INTO kept_forms (token_hash, user_id, path, body, kept_at)
        VALUES (\(SessionStore.hash(token)), \(user.id), \(visit.request.target), \(body.text), \(visit.now))
        ON CONFLICT (token_hash) DO UPDATE SET path = excluded.path, body = excluded.body, kept_at = excluded.kept_at
        """)
      try db.run(
        """
        DELETE FROM kept_forms WHERE token_hash IN (
          SELECT token_hash FROM kept_forms WHERE user_id = \(user.id) ORDER BY kept_at DESC LIMIT -1 OFFSET \(most))
        """)
    }
    return refused
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
  @Sendable static func show(_ visit: Visit) throws -> Response {
    let user = try visit.user.id
    guard let token = visit.browserToken else { return visit.redirect(to: "/") }
    let kept = try visit.store.read { db in
      try db.first("SELECT path, body FROM kept_forms WHERE token_hash = \(SessionStore.hash(token)) AND user_id = \(user)") {
        (path: $0.text(0), body: $0.text(1))
      }
    }
    guard let kept else { return visit.redirect(to: "/") }
    let pairs = (try? JSON(parsing: kept.body))?.array ?? []
    let fields = pairs.compactMap { pair -> FormFields.Field? in
      guard let items = pair.array, items.count == 2, let name = items[0].string, let value = items[1].string else { return nil }
      return FormFields.Field(name, value)
    }
    let response = try visit.application.replay(visit, path: kept.path, form: FormFields(fields))
    // A page that shows the form has brought it back; it stays kept until then.
    try visit.store.write { db in _ = try db.run("DELETE FROM kept_forms WHERE token_hash = \(SessionStore.hash(token))") }
    return response
  }
}
