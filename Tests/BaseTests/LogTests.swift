import Base
import Synchronization
import Testing

struct LogTests {
  private func line(_ event: String, _ fields: KeyValuePairs<String, String> = [:]) -> String {
    let lines = Lines()
    let log = Log(clock: Clock { Timestamp(milliseconds: 0) }) { lines.append($0) }
    log(event, fields)
    return lines.all.joined(separator: "\n")
  }

  @Test func `an event is one line of pairs`() {
    #expect(
      line("request", ["method": "GET", "path": "/x y", "status": "200"])
        == #"time=1970-01-01T00:00:00.000Z event=request method=GET path="/x y" status=200"#)
  }

  @Test(arguments: [
    ("", #""""#), ("a=b", #""a=b""#), (#"say "hi""#, #""say \"hi\"""#), (#"a\b"#, #""a\\b""#), ("a\nevent=forged", #""a\nevent=forged""#),
    ("\u{1B}[31mred", #""\u001b[31mred""#), ("Ελένη", #""Ελένη""#), ("x\u{85}y\u{2028}z\u{202E}", #""x\u0085y\u2028z\u202e""#),
    ("\r\t\0", #""\r\t\u0000""#),
  ])
  func `values can't break out of their place`(value: String, expected: String) {
    #expect(line("e", ["v": value]) == "time=1970-01-01T00:00:00.000Z event=e v=" + expected)
  }
}

/// The lines that a log has written.
private final class Lines: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  func append(_ line: String) { lines.withLock { $0.append(line) } }
}
