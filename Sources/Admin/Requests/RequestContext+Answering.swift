import Base
import Store
package import Templating
package import Web

extension RequestContext {
  /// A page from a template, inside the frame.
  package func page(_ template: String, _ page: ViewData, status: Int = 200) throws -> Response {
    let bytes = try services.templates.render(template, page: page, context: renderContext)
    return .html(SharedBytes(owning: bytes.release()), status: status)
  }

  /// A template without a layout, in a language that may not be the visitor's: a document for a customer.
  package func rendered(_ template: String, _ data: ViewData, in language: Language) throws -> [UInt8] {
    let context = RenderContext(globals: renderContext.globals, language: language, timeZone: settings[.defaultTimeZone].text, now: now)
    return try [UInt8](services.templates.render(template, page: data, context: context).release())
  }

  /// A piece of a page from a template of its own.
  func fragment(_ template: String, _ data: ViewData) throws -> Value {
    try services.templates.fragment(template, data, in: language)
  }

  /// 303 to a page of ours, with something to say there. A form that says which page it is on (`return_to`) leads back to that one.
  package func redirect(to path: String, _ flash: Flash? = nil) -> Response {
    let path = decodedForm?["return_to"].flatMap { $0.utf8.count <= 5_000 && LocalPath.isSafe($0) ? $0 : nil } ?? path
    if let flash { tell(flash) }
    return .redirect(path)
  }

  /// Says something on the next page.
  func tell(_ flash: Flash) {
    guard let browserToken else { return }
    var flash = flash
    if hasActedBefore {
      flash.message = Message("{text} The earlier version of this form was saved too.", ["text": text(flash.message)])
    }
    cookies.append(SetCookie(Flash.cookie, flash.sealed(for: browserToken), maxAge: 60, secure: isSecure))
  }

  /// The same after an act: it is done, with a way back, or was so already, or something speaks against it.
  package func redirect(to path: String, _ outcome: Outcome, _ done: Message, orElse already: Message) -> Response {
    switch outcome {
    case .done(_, let undo): redirect(to: path, Flash(done, undo: undo))
    case .unchanged, .conflict: redirect(to: path, Flash(already, kind: .problem))
    case .invalid(let errors): redirect(to: path, Flash(errors.first ?? already, kind: .problem))
    }
  }

  /// The change of a record that the route names; 404 if there is none, or none that can be put back.
  func revertible(_ kind: RecordType, _ record: RecordID, in db: Database) throws -> (changes: [Change], before: String) {
    guard let seq = Int(parameters["entry"] ?? ""), let entry = try Activity.revertible(seq, of: kind.name, record, in: db) else {
      throw HTTPError.notFound
    }
    return entry
  }
}

extension Flash {
  static var isAsItWas: Flash { Flash(Message("Nothing to change."), kind: .problem) }

  package static func restoreFirst(_ name: String) -> Flash {
    Flash(.restoreFirst(name), kind: .problem)
  }
}
