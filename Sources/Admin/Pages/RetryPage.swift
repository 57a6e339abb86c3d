import Base
import Templating
import Web

/// The answer to a request that could not be served just now, though nothing is wrong with it: it carries what was typed, so that it can be sent again
/// from there. It needs nothing of the database but what has been read already.
enum RetryPage {
  static let fieldShape = ViewSchema("field", [("name", .text), ("value", .text)])
  static let typedShape = ViewSchema("typed", [("label", .text), ("text", .text)])
  static let shape = ViewSchema(
    "retry",
    [
      ("title", .text), ("text", .text), ("note", .optional(.text)), ("action", .text), ("isForm", .bool), ("canRetry", .bool),
      ("token", .text), ("fileFields", .list(.text)),
      ("fields", .list(.record(fieldShape))), ("typed", .list(.record(typedShape))), ("homeHref", .text),
    ])
  static let shapes = ["errors/retry": shape, "errors/signed-out-retry": shape, "errors/guest-retry": shape]

  /// Why it could not be served.
  enum Reason {
    case busy, diskFull
    /// Its session had ended when it came.
    case isDraft

    fileprivate var status: Int {
      switch self {
      case .busy: 503
      case .diskFull: 507
      case .isDraft: 200
      }
    }
    fileprivate var title: Message {
      switch self {
      case .busy: Message("Roost is busy")
      case .diskFull: Message("The disk is full")
      case .isDraft: Message("Nothing is saved yet")
      }
    }
    fileprivate var advice: Message {
      switch self {
      case .busy: Message("Nothing was saved. Wait a moment and try again.")
      case .diskFull:
        Message("Nothing was saved. Reading, signing in and deleting still work. Free some space on the server, then try again.")
      case .isDraft: Message("Your session had ended when you sent this. Send it again, or leave this page.")
      }
    }
  }

  static func response(_ reason: Reason, for context: RequestContext) throws -> Response {
    var response =
      context.wantsPage
      ? try page(reason, context) : .failure(context.text(reason.title) + ". " + context.text(reason.advice), status: reason.status)
    if reason == .busy { response.headers.set("Retry-After", "2") }
    return response
  }

  private static func page(_ reason: Reason, _ context: RequestContext) throws -> Response {
    let isForm = context.request.method == .post
    // A body on disk that hasn't been read yet can be large.
    let form = isForm && context.canReadForm ? try? context.form() : nil
    let fields = (form?.fields ?? []).filter { $0.name != "csrf_token" }
    // A password never comes back.
    let canRetry = form != nil && !fields.contains { $0.name.contains("password") }
    let kept = canRetry ? fields : []
    let typed = kept.filter { isTyped($0) }
    let note: Message? =
      if isForm, !canRetry {
        Message("Go back to the form and send it again.")
      } else if !context.files.isEmpty {
        Message(
          "What you typed is kept on this page. Choose these files again: {names}",
          ["names": context.files.map(\.name).joined(separator: ", ")])
      } else if !typed.isEmpty {
        Message("What you typed is kept on this page.")
      } else {
        nil
      }
    return try context.page(
      context.isGuest ? "errors/guest-retry" : context.session == nil ? "errors/signed-out-retry" : "errors/retry",
      ViewData(
        shape,
        [
          .text(context.text(reason.title)), .text(context.text(reason.advice)), note.map { .text(context.text($0)) } ?? .null,
          .text(action(context.request.target)), .bool(isForm), .bool(canRetry),
          // Whose form it is that comes from a session that is over, its own token says.
          .text(context.session == nil ? form?["csrf_token"] ?? "" : context.formToken),
          .list(canRetry ? Set(context.files.map(\.field)).sorted().map { .text($0) } : []),
          .list(kept.map { .record(ViewData(fieldShape, [.text($0.name), .text($0.value)])) }),
          .list(typed.map { .record(ViewData(typedShape, [.text(label(of: $0.name, context.language)), .text($0.value)])) }),
          .text(context.isGuest ? "" : context.homePath),
        ]), status: reason.status)
  }

  /// The same address again; two slashes at its beginning would lead to another host.
  private static func action(_ target: String) -> String { "/" + target.drop { $0 == "/" } }

  /// Whether a field's value is worth showing: not what was chosen from a few, nor what pages put into forms for themselves.
  private static func isTyped(_ field: FormFields.Field) -> Bool {
    !field.value.allSatisfy(\.isWhitespace) && RecordID(field.value) == nil && !chosen.contains(field.name)
      && !["_type", "_primary"].contains(where: field.name.hasSuffix)
  }

  private static let chosen: Set<String> = [
    SentForm.input, "version", "base", "view", "columns", "save", "status", "type", "direction", "primary", "theme", "language",
    "time_zone",
  ]

  /// `job_title` → Job title, by the name that the form has for it if there is one.
  private static func label(of name: String, _ language: Language) -> String {
    let words = name.split { $0 == "_" || $0 == "-" || $0 == "[" || $0 == "]" }.joined(separator: " ")
    return language.text(words.prefix(1).uppercased() + words.dropFirst())
  }
}

extension Response {
  /// What went wrong, for a script that shows it where it is.
  static func failure(_ reason: String, status: Int) -> Response {
    .json(Array(JSON.object(["error": .string(reason)]).text.utf8), status: status)
  }
}

extension RequestContext {
  /// Whether the answer is shown to a person as it is; scripts ask for JSON.
  var wantsPage: Bool {
    let accepted = request.headers["Accept"] ?? ""
    return accepted.contains("text/html") || !accepted.contains("application/json")
  }
}
