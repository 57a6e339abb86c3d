import CSodium

/// The library's one-time initialization. libsodium allows it from any thread and more than once; a Swift static runs
/// it exactly once.
enum Sodium {
  private static let isReady = sodium_init() >= 0

  /// Has to be called before any other call into the library.
  static func start() {
    // Without random numbers there are no secure sessions, tokens or salts: no server is better than a guessable one.
    guard isReady else { fatalError("libsodium can’t start: no random numbers available") }
  }
}
