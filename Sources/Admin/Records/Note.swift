import Base
import Store

/// A note on a record: what, by whom, when.
package struct Note: Sendable, Equatable {
  let id: String
  package var text: String
  package let by: String
  /// The user who wrote it; `nil` where the program did, as with an import at the command line.
  let authorID: String?
  package let at: String
  /// Grows with each change; a form says from which one it was made.
  var version = 1
  var editedAt: String?

  package init(_ text: String, _ act: ActContext) {
    self.init(id: RecordID.make(at: act.now).text, text: text, by: act.actor.name, authorID: act.actor.id, at: act.now.text)
  }

  private init(id: String, text: String, by: String, authorID: String?, at: String) {
    (self.id, self.text, self.by, self.authorID, self.at) = (id, text, by, authorID, at)
  }

  init(_ json: JSON) {
    self.init(
      id: json["id"]?.string ?? "", text: json["text"]?.string ?? "", by: json["by"]?.string ?? "", authorID: json["author"]?.string,
      at: json["at"]?.string ?? "")
    version = json["version"]?.int ?? 1
    editedAt = json["edited"]?.string
  }

  var json: JSON {
    var members: [JSON.Member] = [("id", id), ("text", text), ("by", by), ("at", at)].map { JSON.Member(name: $0, value: .string($1)) }
    if let authorID { members.append(JSON.Member(name: "author", value: .string(authorID))) }
    if version > 1 { members.append(JSON.Member(name: "version", value: .int(version))) }
    if let editedAt { members.append(JSON.Member(name: "edited", value: .string(editedAt))) }
    return .object(members)
  }

  /// The notes of a record's `notes` column, newest first.
  static func list(_ stored: String) -> [Note] {
    if stored == "[]" { return [] }
    return ((try? JSON(parsing: stored))?.array ?? []).reversed().map { Note($0) }
  }

  /// What a record's `notes` column keeps of notes that are listed newest first.
  static func stored(_ notes: [Note]) -> String { JSON.array(notes.reversed().map(\.json)).text }

  /// What nobody here has written is changed by those who have all rights on the record.
  func mayEdit(_ user: String?, _ level: Level) -> Bool { authorID.map { $0 == user } ?? (level >= .full) }

  func mayDelete(_ user: String?, _ level: Level) -> Bool { level >= .full || authorID != nil && authorID == user }
}
