import Admin
import Base

/// What somebody says about a record, to the others who look after it.
struct Comment: Sendable {
  let seq: Int
  let id: RecordID
  /// The number of the comment that began the thread.
  let thread: Int
  let parent: RecordID?
  let authorID: String?
  let authorName: String
  /// Markdown, with mentions as `@[Name](user:id)`.
  let body: String
  let version: Int
  let createdAt: String
  let editedAt: String?
  let isDeleted: Bool

  static let longestBody = 10_000
}

/// A comment at its place among the others.
struct PlacedComment: Sendable {
  let comment: Comment
  /// 0 for one that begins a thread.
  let depth: Int
  /// Whom it answers, where the page can't show that by its place.
  let answers: String?

  /// How deep a page indents.
  static let deepest = 4

  /// Threads as they read: the newest first, each with its answers below what they answer, the oldest first. A deleted comment is left out, unless
  /// it still has replies.
  static func arrange(_ comments: [Comment]) -> [PlacedComment] {
    var answers: [RecordID: [Comment]] = [:]
    for comment in comments { if let parent = comment.parent { answers[parent, default: []].append(comment) } }
    // From the last to the first: answers come after what they answer.
    var standing: Set<RecordID> = []
    for comment in comments.sorted(by: { $0.seq > $1.seq }) {
      let below = answers[comment.id] ?? []
      if !comment.isDeleted || below.contains(where: { standing.contains($0.id) }) { standing.insert(comment.id) }
    }
    var placed: [PlacedComment] = []
    for root in comments.filter({ $0.parent == nil }).sorted(by: { $0.seq > $1.seq }) {
      // A walk and not a recursion: people can answer each other without end.
      var waiting: [(comment: Comment, depth: Int, answers: String?)] = [(root, 0, nil)]
      while let (comment, depth, name) = waiting.popLast() {
        guard standing.contains(comment.id) else { continue }
        placed.append(PlacedComment(comment: comment, depth: min(depth, deepest), answers: depth > deepest ? name : nil))
        for answer in (answers[comment.id] ?? []).sorted(by: { $0.seq > $1.seq }) {
          waiting.append((answer, depth + 1, comment.authorName))
        }
      }
    }
    return placed
  }
}
