package import Base

/// What came of a job.
package struct JobResult: Sendable, Equatable {
  /// In a sentence.
  package var message: Message
  /// What it found, one per line.
  package var lines: [String]
  /// For the program.
  package var data: JSON

  package init(_ message: Message, lines: [String] = [], data: JSON = .null) {
    self.message = message
    self.lines = lines
    self.data = data
  }

  /// As it is stored.
  var json: JSON { .object(["message": message.json, "lines": .array(lines.map { .string($0) }), "data": data]) }

  init?(_ text: String) {
    guard !text.isEmpty, let json = try? JSON(parsing: text), let message = json["message"].flatMap({ Message($0) }) else { return nil }
    self.init(message, lines: json["lines"]?.array?.compactMap(\.string) ?? [], data: json["data"] ?? .null)
  }
}

/// Why a job can't do its work, in words for people. Any other error is shown as it is.
package struct JobFailure: Error, CustomStringConvertible {
  package let message: Message
  /// Trying again would change nothing.
  let isFinal: Bool

  package init(_ message: Message, isFinal: Bool = false) {
    self.message = message
    self.isFinal = isFinal
  }

  package var description: String { message.text }
}

/// Why a run ends before its work is done. Handlers let it pass.
package enum JobInterruption: Error {
  /// Somebody asked for it.
  case cancelled
  /// The lease ran out and another worker has the job.
  case lost
  /// The program stops; the job goes on after its next start.
  case stopping
}
