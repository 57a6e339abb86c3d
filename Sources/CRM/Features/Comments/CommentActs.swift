import Admin
import Base
import Markdown
import Store

/// What is done with the comments on a record.
enum CommentActs {
  static func add(_ body: String, answering parent: Comment? = nil, on record: RecordHeader, _ act: ActContext) throws -> Outcome {
    if record.isTrashed { return .inTrash(record, typed: true) }
    var errors = check(body)
    if parent?.isDeleted == true {
      errors.add("body", Message("The comment you are replying to was deleted in the meantime. Send again to post yours anyway."))
    }
    guard errors.isEmpty else { return .invalid(errors) }
    let (text, mentioned, _) = try Mentions.keep(body, in: act.db)
    let comment = try CommentStore.insert(text, on: record.id, answering: parent, act)
    try Notifications.send(about: comment, on: record, mentioned: mentioned, answering: parent, act)
    return try act.done("comment.added", comment.id, on: record, [Change(field: "comment", before: "", after: body)])
  }

  /// What somebody without an account writes, as they typed it: it calls nobody, and has no marks.
  static func add(plain text: String, on record: RecordHeader, telling user: RecordID?, _ act: ActContext) throws -> Outcome {
    if record.isTrashed { return .inTrash(record, typed: true) }
    let errors = check(text)
    guard errors.isEmpty else { return .invalid(errors) }
    let body = Markdown.escaped(text)
    // Sent twice, as by a double click.
    if let same = try CommentStore.find(
      body, byNobodyOfName: act.actor.name, on: record.id, since: act.now.adding(seconds: -600), in: act.db)
    {
      return .unchanged(same)
    }
    let comment = try CommentStore.insert(body, on: record.id, answering: nil, act)
    try Notifications.tell(user, .customerComment, on: record, comment: comment.id, act)
    return try act.done("comment.added", comment.id, on: record, [Change(field: "comment", before: "", after: text)])
  }

  /// Writes over the version that its author has seen.
  static func edit(_ comment: Comment, to body: String, from version: Int, on record: RecordHeader, _ act: ActContext) throws -> Outcome {
    guard comment.authorID == act.actor.id else { throw HTTPError.forbidden(.onlyItsAuthorChanges) }
    if record.isTrashed { return .inTrash(record, typed: true) }
    var errors = check(body)
    if comment.isDeleted {
      errors.add("body", Message("This comment was deleted in the meantime. Send again to post it as a new one."))
    }
    guard errors.isEmpty else { return .invalid(errors) }
    let (text, mentioned, _) = try Mentions.keep(body, in: act.db)
    // Saved as it was: nothing that others should be told was edited.
    if text == comment.body, version == comment.version { return .unchanged(comment.id) }
    let before = try Mentions.typed(comment.body, in: act.db)
    guard try CommentStore.update(comment.id, text, from: version, act) else { return .conflict }
    try Notifications.send(about: comment, on: record, mentioned: mentioned, answering: nil, act)
    return try act.done("comment.edited", comment.id, on: record, [Change(field: "comment", before: before, after: body)])
  }

  static func delete(_ comment: Comment, on record: RecordHeader, _ act: ActContext) throws -> Outcome {
    try set(isDeleted: true, comment, on: record, undo: "\(record.href)/comments/\(comment.id.text)/undelete", act)
  }

  static func restore(_ comment: Comment, on record: RecordHeader, _ act: ActContext) throws -> Outcome {
    try set(isDeleted: false, comment, on: record, undo: nil, act)
  }

  /// What is deleted is in the history, as it was typed.
  private static func set(isDeleted: Bool, _ comment: Comment, on record: RecordHeader, undo: String?, _ act: ActContext) throws -> Outcome
  {
    guard comment.authorID == act.actor.id || act.principal.may(.full, on: record.type.resource) else {
      throw HTTPError.forbidden(Message("Only the author can delete a comment."))
    }
    if record.isTrashed { return .inTrash(record) }
    guard try CommentStore.setDeleted(isDeleted, comment.id, act) else { return .unchanged(comment.id) }
    let text = try Mentions.typed(comment.body, in: act.db)
    let change = Change(field: "comment", before: isDeleted ? text : "", after: isDeleted ? "" : text)
    return try act.done(isDeleted ? "comment.deleted" : "comment.restored", comment.id, on: record, [change], undo: undo)
  }

  private static func check(_ body: String) -> ValidationErrors {
    var errors = ValidationErrors()
    if body.isEmpty { errors.add("body", Message("Write a comment first.")) }
    if let problem = TextRules.problem(with: body, atMost: Comment.longestBody) { errors.add("body", problem) }
    return errors
  }
}

extension Message {
  static var onlyItsAuthorChanges: Message { Message("Only the author can edit a comment.") }
}
