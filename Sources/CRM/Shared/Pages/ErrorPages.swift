import Base
import Blobs
import Store
import Templating
import Web

/// The one place where what went wrong becomes a status and a page with a way back.
enum ErrorPages {
  static let shape = Shape(
    "error", [("status", .int), ("title", .text), ("text", .text), ("requestID", .text), ("homeHref", .text)])
  static let shapes: [String: Shape] = RetryPage.shapes.merging(["errors/error": shape, "errors/signed-out": shape]) { $1 }

  static func response(to error: any Error, for visit: Visit) -> Response {
    switch error {
    case Problem.notFound: notFound(visit)
    case Problem.forbidden(let reason):
      page(visit, 403, Message("You may not do this"), reason)
    case Problem.forgedToken:
      page(
        visit, 403, Message("This form can’t be accepted"),
        Message(
          "Its security token is missing or belongs to another session. Go back, reload the page and send it again: your browser keeps what you typed."
        ))
    case Problem.otherSite:
      page(
        visit, 403, Message("This form can’t be accepted"),
        Message(
          "This form was sent from another site. If you sent it from Roost, your reverse proxy isn’t passing on the original host: ask your administrator to forward the Host header, or to send X-Forwarded-Host and list the proxy in ROOST_TRUSTED_PROXIES."
        ))
    case Problem.twoSessions:
      page(
        visit, 400, Message("Please sign in again"),
        Message("Your browser sent two sign-in cookies for this address. Both have been removed."))
    case Problem.signedOutWithFiles:
      page(
        visit, 413, Message("You are signed out"),
        Message(
          "Files can’t be uploaded while you are signed out. Sign in in another window, then go back to the form and send it again: your browser keeps what you typed."
        ))
    case Problem.badRequest(let reason):
      page(visit, 400, Message("That can’t be understood"), reason)
    case Problem.unsupportedType:
      page(
        visit, 415, Message("That can’t be understood"),
        Message("Forms are sent as application/x-www-form-urlencoded or multipart/form-data."))
    case Problem.tooLarge:
      page(visit, 413, Message("That is too much"), Message("The form is larger than this page takes. Nothing was saved."))
    case Problem.damagedFile(let name): damaged(visit, name)
    case Problem.tooManyTries(let seconds):
      page(visit, 429, Message("Too many tries"), Message("Wait {n} seconds and try again.", ["n": String(seconds)]))
    case Problem.busy: retry(visit, .busy)
    case let error as StoreError where error.isBusy: retry(visit, .busy)
    case let error as StoreError where error.isFull: retry(visit, .diskFull)
    case let error as BlobError where error.isFull: retry(visit, .diskFull)
    case let error as StoreError where error.constraint == .foreignKey:
      // Something that a form names went for good while it was being saved.
      gone(visit, error)
    case let error as TemplateErrors:
      unexpected(visit, error.description)
    default:
      unexpected(visit, String(describing: error))
    }
  }

  static func methodNotAllowed(_ methods: [Request.Method], for visit: Visit) -> Response {
    var response = page(visit, 405, Message("That can’t be done here"), Message("This address doesn’t answer to that kind of request."))
    response.headers.set("Allow", methods.map(\.rawValue).joined(separator: ", "))
    return response
  }

  private static func retry(_ visit: Visit, _ reason: RetryPage.Reason) -> Response {
    visit.application.log("refused", ["id": visit.request.id, "path": visit.path, "reason": "\(reason)"])
    do { return try RetryPage.response(reason, for: visit) } catch { return unexpected(visit, String(describing: error)) }
  }

  private static func notFound(_ visit: Visit) -> Response {
    page(
      visit, 404, Message("There is nothing here"),
      Message("The record may have been deleted for good, or the address has a slip in it, or it isn’t yours to see."))
  }

  private static func damaged(_ visit: Visit, _ name: String) -> Response {
    visit.application.log("damaged file", ["id": visit.request.id, "path": visit.path])
    return page(
      visit, 500, Message("This file is damaged"),
      Message(
        "“{name}” is damaged on the server. Upload it again or restore it from a backup.",
        ["name": name]))
  }

  private static func gone(_ visit: Visit, _ error: StoreError) -> Response {
    visit.application.log("gone", ["id": visit.request.id, "path": visit.path, "reason": error.description])
    return notFound(visit)
  }

  /// A fault of ours: the log has the reason, the page only the number to find it by.
  private static func unexpected(_ visit: Visit, _ reason: String) -> Response {
    visit.application.log("error", ["id": visit.request.id, "path": visit.path, "reason": reason])
    return page(
      visit, 500, Message("Something went wrong on our side"),
      Message("Nothing was half-saved. Try again; if it stays, tell whoever runs this Roost the number below."))
  }

  private static func page(_ visit: Visit, _ status: Int, _ title: Message, _ text: Message) -> Response {
    let record = Record(
      shape,
      [.int(status), .text(visit.text(title)), .text(visit.text(text)), .text(visit.request.id), .text(Home.path(for: visit))])
    do {
      return try visit.page(visit.session == nil ? "errors/signed-out" : "errors/error", record, status: status)
    } catch {
      // The error page itself is broken: say so without it.
      visit.application.log("error", ["id": visit.request.id, "reason": String(describing: error)])
      return .text("\(status) \(title.text)\n\(text.text)\n\(visit.request.id)\n", status: status)
    }
  }
}

extension FormError {
  /// What a form that can't be read means for its sender.
  var problem: Problem {
    isTooLarge
      ? .tooLarge : isUnsupportedType ? .unsupportedType : .badRequest(Message("The form can’t be read: {reason}", ["reason": description]))
  }
}
