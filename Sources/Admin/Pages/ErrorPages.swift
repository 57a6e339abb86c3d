import Base
import Blobs
import Store
import Templating
import Web

/// The one place where what went wrong becomes a status and a page with a way back.
enum ErrorPages {
  static let shape = ViewSchema(
    "error", [("status", .int), ("title", .text), ("text", .text), ("requestID", .text), ("homeHref", .text)])
  static let shapes: [String: ViewSchema] = RetryPage.shapes.merging([
    "errors/error": shape, "errors/signed-out": shape, "errors/guest": shape,
  ]) { $1 }

  static func response(to error: any Error, for context: RequestContext) -> Response {
    switch error {
    case HTTPError.notFound: notFound(context)
    case HTTPError.forbidden(let reason):
      page(context, 403, Message("You don’t have permission"), reason)
    case HTTPError.forgedToken:
      page(
        context, 403, Message("This form has expired"),
        Message(
          "Its security token is missing or belongs to another session. Go back, reload the page and send it again: your browser keeps what you typed."
        ))
    case HTTPError.otherSite:
      page(
        context, 403, Message("Request blocked"),
        Message(
          "This form was sent from another site. If you sent it from Roost, your reverse proxy isn’t passing on the original host: ask your administrator to forward the Host header, or to send X-Forwarded-Host and list the proxy in ROOST_TRUSTED_PROXIES."
        ))
    case HTTPError.twoSessions:
      page(
        context, 400, Message("Please sign in again"),
        Message("Your browser sent two sign-in cookies for this address. Both have been removed."))
    case HTTPError.signedOutWithFiles:
      page(
        context, 413, Message("You are signed out"),
        Message(
          "Files can’t be uploaded while you are signed out. Sign in in another window, then go back to the form and send it again: your browser keeps what you typed."
        ))
    case HTTPError.badRequest(let reason):
      page(context, 400, Message("Bad request"), reason)
    case HTTPError.tooBroad(let reason):
      page(context, 400, Message("This would take too long"), reason)
    case HTTPError.unsupportedType:
      page(
        context, 415, Message("Bad request"),
        Message("Forms are sent as application/x-www-form-urlencoded or multipart/form-data."))
    case HTTPError.tooLarge:
      page(context, 413, Message("Too large"), Message("The form is larger than this page takes. Nothing was saved."))
    case HTTPError.damagedFile(let name): damaged(context, name)
    case HTTPError.tooManyTries(let seconds):
      page(
        context, 429, Message("Too many attempts"),
        Message("Wait {n} second and try again.", "Wait {n} seconds and try again.", count: seconds))
    case HTTPError.busy: retry(context, .busy)
    case HTTPError.isDraft: retry(context, .isDraft)
    case let error as StoreError where error.isBusy: retry(context, .busy)
    case let error as StoreError where error.isFull: retry(context, .diskFull)
    case let error as BlobError where error.isFull: retry(context, .diskFull)
    case let error as StoreError where error.constraint == .foreignKey:
      // Something that the form references was permanently deleted while it was being saved.
      gone(context, error)
    case let error as TemplateErrors:
      unexpected(context, error.description)
    default:
      unexpected(context, String(describing: error))
    }
  }

  static func methodNotAllowed(_ methods: [Request.Method], for context: RequestContext) -> Response {
    var response = page(context, 405, Message("Not allowed"), Message("This page doesn’t support that kind of request."))
    response.headers.set("Allow", methods.map(\.rawValue).joined(separator: ", "))
    return response
  }

  private static func retry(_ context: RequestContext, _ reason: RetryPage.Reason) -> Response {
    context.services.log("refused", ["id": context.request.id, "path": context.loggedPath, "reason": "\(reason)"])
    do { return try RetryPage.response(reason, for: context) } catch { return unexpected(context, String(describing: error)) }
  }

  private static func notFound(_ context: RequestContext) -> Response {
    page(
      context, 404, Message("Page not found"),
      Message("It may have been deleted, the link may be wrong, or you don’t have access."))
  }

  private static func damaged(_ context: RequestContext, _ name: String) -> Response {
    context.services.log("damaged file", ["id": context.request.id, "path": context.loggedPath])
    return page(
      context, 500, Message("This file is damaged"),
      Message(
        "“{name}” is damaged on the server. Upload it again or restore it from a backup.",
        ["name": name]))
  }

  private static func gone(_ context: RequestContext, _ error: StoreError) -> Response {
    context.services.log("gone", ["id": context.request.id, "path": context.loggedPath, "reason": error.description])
    return notFound(context)
  }

  /// A fault of ours: the log has the reason, the page only the number to find it by.
  private static func unexpected(_ context: RequestContext, _ reason: String) -> Response {
    context.services.log("error", ["id": context.request.id, "path": context.loggedPath, "reason": reason])
    return page(
      context, 500, Message("Something went wrong"),
      Message(
        "Your last change may not have been saved. Check it, then try again. If this keeps happening, give your administrator the number below."
      ))
  }

  private static func page(_ context: RequestContext, _ status: Int, _ title: Message, _ text: Message) -> Response {
    let record = ViewData(
      shape,
      [.int(status), .text(context.text(title)), .text(context.text(text)), .text(context.request.id), .text(context.homePath)])
    do {
      let template = context.isGuest ? "errors/guest" : context.session == nil ? "errors/signed-out" : "errors/error"
      return try context.page(template, record, status: status)
    } catch {
      // The error page itself is broken: say so without it.
      context.services.log("error", ["id": context.request.id, "reason": String(describing: error)])
      return .text("\(status) \(title.text)\n\(text.text)\n\(context.request.id)\n", status: status)
    }
  }
}

extension FormError {
  /// What a form that can't be read means for its sender.
  var problem: HTTPError {
    isTooLarge
      ? .tooLarge : isUnsupportedType ? .unsupportedType : .badRequest(Message("The form can’t be read: {reason}", ["reason": description]))
  }
}
