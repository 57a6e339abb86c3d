import Glibc

/// SIGTERM and SIGINT, waited for instead of handled: nothing runs in a signal handler.
package enum TerminationSignal {
  /// Has to be called before any thread starts: threads inherit the signal mask.
  package static func block() {
    var signals = set
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Blocks until the process receives one of them.
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
