import CSodium

/// The library's one-time start. libsodium allows it from any thread and more than once; a Swift static runs it exactly once.
enum Sodium {
  private static let isReady = sodium_init() >= 0

  /// To be called before any other call into the library.
  static func start() {
    // Without random numbers there is no session, no token and no salt worth having: better no server than a guessable one.
    guard isReady else { fatalError("libsodium can’t start: the system gives no random numbers") }
  }
}
