/// Why a request can't be answered as asked. Thrown by handlers, turned into a status and a page in one place (`ErrorPages`).
package enum HTTPError: Error {
  /// No such record, or the visitor may not see it: they can't tell which.
  case notFound
  /// The visitor may see it and not do this.
  case forbidden(Message)
  /// The form's token is missing or not of this session.
  case forgedToken
  /// The browser says that a page of another site sent this.
  case otherSite
  /// The browser brought two session cookies.
  case twoSessions
  /// More than a form may hold, from somebody who isn't signed in.
  case signedOutWithFiles
  /// A request that makes no sense; the message says what and where.
  case badRequest(Message)
  /// To answer it, more records would have to be looked at than a page may; the message says what to do instead.
  case tooBroad(Message)
  case unsupportedType
  /// A file of this name isn't on the disk as it was uploaded.
  case damagedFile(String)
  case tooLarge
  /// Too much else goes on, or somebody else writes for long.
  case busy
  /// A form that came back, and that is only to be shown, would have written something.
  case isDraft
  case tooManyTries(seconds: Int)
}

extension Message {
  package static var notOfYourRole: Message { Message("Your role doesn’t include this. Ask an owner or admin.") }
}
