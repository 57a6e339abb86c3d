import Templating
import Web

extension Visit {
  /// A page from a template, inside the frame.
  func page(_ template: String, _ page: Record, status: Int = 200) throws -> Response {
    var bytes: [UInt8] = []
    let context = RenderContext(
      globals: PageFrame.record(for: self), language: language, timeZone: session?.user.timeZone ?? "UTC", now: now)
    try application.templates.render(template, page: page, context: context, into: &bytes)
    return .html(bytes, status: status)
  }

  /// 303 to a page of ours, with something to say there.
  func redirect(to path: String, _ flash: Flash? = nil) -> Response {
    if let flash, let browserToken {
      cookies.append(SetCookie(Flash.cookie, flash.sealed(for: browserToken), maxAge: 60, secure: isSecure))
    }
    return .redirect(path)
  }
}
