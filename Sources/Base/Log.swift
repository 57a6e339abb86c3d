#if canImport(Glibc)
  import Glibc
#endif

/// Writes one line of `name=value` pairs (logfmt) per event: `time=… event=request method=GET path="/x y"`.
package struct Log: Sendable {
  /// Receives one finished line, without line end.
  package let write: @Sendable (String) -> Void
  private let clock: Clock

  /// A log whose lines go to `write`, with times from `clock`.
  package init(clock: Clock = .system, write: @escaping @Sendable (String) -> Void) {
    self.clock = clock
    self.write = write
  }

  /// To standard error, each line in one `write(2)` so that lines of different threads never interleave.
  package static let standardError = Log { line in
    var line = line
    line.append("\n")
    line.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
        // If the log can't be written, there is nowhere to report that.
        if count < 0 && errno != EINTR { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
      }
    }
  }

  /// Discards everything, for tests.
  package static let silent = Log { _ in }

  /// Logs an event. Field names are constants of the program; values can be anything and are quoted where needed.
  package func callAsFunction(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) {
    var line = "time="
    line.reserveCapacity(300)
    line += clock.now().text
    line += " event="
    Log.append(event, to: &line)
    for (name, value) in fields {
      line += " "
      line += name
      line += "="
      Log.append(value, to: &line)
    }
    write(line)
  }

  /// A plain word as it is; anything else quoted, with `\` before `"` and `\`, and control characters as `\n` or
  /// `\u001b`, so that nobody can forge a line or send escape sequences to the terminal.
  private static func append(_ value: String, to line: inout String) {
    let isBare = !value.isEmpty && value.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != 0x22 && $0 != 0x3D && $0 != 0x5C }
    if isBare {
      line += value
      return
    }
    line += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": line += "\\\""
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      case "\t": line += "\\t"
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: appendEscape(scalar, to: &line)
        default: line.unicodeScalars.append(scalar)
        }
      }
    }
    line += "\""
  }

  private static func appendEscape(_ scalar: Unicode.Scalar, to line: inout String) {
    let hex = String(scalar.value, radix: 16)
    line += "\\u" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
  }
}
