import Glibc
import Synchronization

/// A progress line on the terminal; nothing if standard error isn't a terminal.
final class ProgressLine: Sendable {
  let isShown = isatty(2) == 1
  private let width = Mutex(0)

  func show(_ text: String) {
    guard isShown else { return }
    width.withLock { width in
      let line = String(text.prefix(110))
      Commands.complain("\r" + line + String(repeating: " ", count: max(0, width - line.count)))
      width = line.count
    }
  }

  /// Clears the line for other output.
  func end() {
    guard isShown else { return }
    width.withLock { width in
      if width > 0 { Commands.complain("\r" + String(repeating: " ", count: width) + "\r") }
      width = 0
    }
  }
}
