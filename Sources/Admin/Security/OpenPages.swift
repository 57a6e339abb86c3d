import Base
import Web

/// How often pages may be used that are open to anybody who has their link. Addresses are those of `ClientAddress`; an office can share one.
package struct OpenPages: Sendable {
  /// Requests of one address in a minute.
  private static let mostRequests = 120

  private let requests: RateLimit
  private let throttle: Throttle

  init(clock: Clock) {
    requests = RateLimit(Self.mostRequests, clock: clock)
    throttle = Throttle(
      clock: clock,
      rules: [
        // Links that there aren't. Guessing one is hopeless anyway; this keeps it cheap.
        Throttle.Rule(prefix: "unknown:", freeTries: 30, longestWait: 60, isClearedBySuccess: false),
        // What is sent from one address, and what is sent by one link.
        Throttle.Rule(prefix: "from:", freeTries: 20, longestWait: 300, isClearedBySuccess: false),
        Throttle.Rule(prefix: "by:", freeTries: 20, longestWait: 900, isClearedBySuccess: false),
      ])
  }

  /// Counts a request. Throws when there are too many.
  package func opens(_ context: RequestContext) throws {
    let standing = requests.take(Self.address(context))
    guard standing.isAllowed else { throw HTTPError.tooManyTries(seconds: standing.seconds) }
    let key = "unknown:" + Self.address(context)
    if let wait = throttle.mayTry(key) { throw HTTPError.tooManyTries(seconds: wait.seconds) }
    throttle.succeeded(key)
  }

  /// The link led nowhere.
  package func missed(_ context: RequestContext) {
    let key = "unknown:" + Self.address(context)
    if throttle.mayTry(key) == nil { throttle.failed(key) }
  }

  /// Counts something that is sent by a link. Each counts as a try, so that what one link fills is little. Throws when it is too much.
  package func sends(by link: String, _ context: RequestContext) throws {
    let keys = ["from:" + Self.address(context), "by:" + link]
    if let wait = throttle.mayTry(keys) { throw HTTPError.tooManyTries(seconds: wait.seconds) }
    keys.forEach(throttle.failed)
  }

  private static func address(_ context: RequestContext) -> String { ClientAddress.network(of: context.request.peer) }
}
