import Glibc

/// SIGTERM and SIGINT, waited for instead of handled: nothing runs in a signal handler.
package enum TerminationSignal {
  /// Call first of all, before any thread starts: threads inherit what is blocked.
  package static func block() {
    var signals = set
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Blocks until the process is asked to end.
  package static func wait() {
    var signals = set
    var received: Int32 = 0
    sigwait(&signals, &received)
  }

  private static var set: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGINT)
    return signals
  }
}
