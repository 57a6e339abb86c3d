import Admin
import Base

/// Somebody who was involved in an interaction. Name and details are those of the day on which it was logged: what the record says
/// later doesn't change what happened.
struct Party: Sendable, Equatable {
  var who: Who
  let name: String
  var details: String
  let capturedAt: String

  /// The person or organisation behind a party.
  enum Who: Sendable, Hashable {
    /// A record, by its type's name and its id.
    case record(String, RecordID)
    case user(RecordID)
    /// Nobody that we know: only the words.
    case text(String)

    /// As forms carry it: a type of record and an id, `text:` and the words.
    init?(_ posted: String, _ records: RecordTypes) {
      let halves = posted.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard halves.count == 2 else { return nil }
      switch halves[0] {
      case "text":
        let words = TextNormalizing.line(halves[1])
        guard !words.isEmpty else { return nil }
        self = .text(words)
      case "user":
        guard let id = RecordID(halves[1]) else { return nil }
        self = .user(id)
      case let type:
        guard records[type]?.partyDetails != nil, let id = RecordID(halves[1]) else { return nil }
        self = .record(type, id)
      }
    }

    var posted: String {
      switch self {
      case .record(let type, let id): type + ":" + id.text
      case .user(let id): "user:" + id.text
      case .text(let words): "text:" + words
      }
    }

    func icon(_ records: RecordTypes) -> String {
      switch self {
      case .record(let type, _): records[type]?.icon ?? "person"
      case .user: "person-circle"
      case .text: "chat-left-text"
      }
    }

    /// The record's page, for those that have one.
    func href(_ records: RecordTypes) -> String? {
      if case .record(let type, let id) = self { records[type]?.path(of: id.text) } else { nil }
    }
  }

  static let longestName = 255
  /// More people than that are a crowd.
  static let most = 50
}
