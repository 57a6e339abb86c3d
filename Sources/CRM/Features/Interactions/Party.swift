import Base

/// Somebody who was involved in an interaction. Name and details are those of the day on which it was written down: what the record says
/// later doesn't change what happened.
struct Party: Sendable, Equatable {
  var who: Who
  let name: String
  var details: String
  let capturedAt: String

  /// Whom a party stands for.
  enum Who: Sendable, Hashable {
    case contact(RecordID)
    case company(RecordID)
    case user(RecordID)
    /// Nobody that we know: only the words.
    case text(String)

    /// As forms carry it: `contact:` and an id, `text:` and the words.
    init?(_ posted: String) {
      let halves = posted.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard halves.count == 2 else { return nil }
      switch halves[0] {
      case "text":
        let words = TextNormalizing.clean(halves[1])
        guard !words.isEmpty else { return nil }
        self = .text(words)
      case "contact", "company", "user":
        guard let id = RecordID(halves[1]) else { return nil }
        self = halves[0] == "contact" ? .contact(id) : halves[0] == "company" ? .company(id) : .user(id)
      default: return nil
      }
    }

    var posted: String {
      switch self {
      case .contact(let id): "contact:" + id.text
      case .company(let id): "company:" + id.text
      case .user(let id): "user:" + id.text
      case .text(let words): "text:" + words
      }
    }

    var icon: String {
      switch self {
      case .contact: "person"
      case .company: "building"
      case .user: "person-circle"
      case .text: "chat-left-text"
      }
    }

    /// The record's page, for those that have one.
    var href: String? {
      switch self {
      case .contact(let id): RecordType.contact.path(of: id.text)
      case .company(let id): RecordType.company.path(of: id.text)
      case .user, .text: nil
      }
    }
  }

  static let longestName = 255
  /// More people than that are a crowd.
  static let most = 50
}
