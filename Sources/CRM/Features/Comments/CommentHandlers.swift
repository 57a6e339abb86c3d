import Base
import Store
import Web

/// What the pages of one kind of record post about their comments.
struct CommentHandlers: Sendable {
  let kind: RecordKind

  var routes: [Route] {
    let comments = kind.path + "/{id}/comments"
    return [
      .post(comments, .write(kind.resource), add),
      .post(comments + "/{comment}", .write(kind.resource), edit),
      .post(comments + "/{comment}/delete", .write(kind.resource), delete),
      .post(comments + "/{comment}/undelete", .write(kind.resource), undelete),
    ]
  }

  @Sendable private func add(_ visit: Visit) throws -> Response {
    var reader = FormReader(try visit.form(), single: ["body", "parent", "version"])
    let header = try header(visit)
    var draft = CommentsTab.Draft(parent: RecordID(reader.line("parent")), body: body(&reader))
    if visit.isReplay { return try CommentsTab.page(visit, kind, header, draft) }
    let parent = try draft.parent.map { try comment($0, on: header, visit) }
    if parent?.isDeleted == true {
      draft.parent = nil
      reader.problem("body", Message("The comment you are replying to was deleted in the meantime. Send again to post yours anyway."))
    }
    if let refusal = try refuse(visit, header, &draft, reader) { return refusal }
    let actor = try visit.actor
    let made = try visit.store.write { db in
      let (text, mentioned) = try Mentions.keep(draft.body, in: db)
      let comment = try CommentStore.insert(text, on: kind, header.id, answering: parent, by: actor, now: visit.now, in: db)
      try Notifications.send(about: comment, on: kind, header, mentioned: mentioned, answering: parent, by: actor, now: visit.now, in: db)
      let change = Change(field: "comment", before: "", after: draft.body)
      try Activity.record("comment.added", kind, header, changes: [change], by: actor, now: visit.now, in: db)
      return comment
    }
    return visit.redirect(to: place(made.id, header), Flash(Message("The comment is added.")))
  }

  @Sendable private func edit(_ visit: Visit) throws -> Response {
    var reader = FormReader(try visit.form(), single: ["body", "version", "parent"])
    let header = try header(visit)
    let comment = try comment(try visit.id("comment"), on: header, visit)
    var draft = CommentsTab.Draft(edits: comment.id, body: body(&reader), version: Int(reader.line("version")) ?? 0)
    guard comment.authorID == (try visit.user.id.text) else {
      throw Problem.forbidden(.onlyItsAuthorChanges)
    }
    if visit.isReplay { return try CommentsTab.page(visit, kind, header, draft) }
    if comment.isDeleted {
      draft.edits = nil
      reader.problem("body", Message("This comment was deleted in the meantime. Send again to post it as a new one."))
    }
    if let refusal = try refuse(visit, header, &draft, reader) { return refusal }
    let actor = try visit.actor
    let isSaved = try visit.store.write { db -> Bool in
      let (text, mentioned) = try Mentions.keep(draft.body, in: db)
      // Saved as it was: nothing that others should be told was edited.
      if text == comment.body, draft.version == comment.version { return true }
      let before = try Mentions.typed(comment.body, in: db)
      guard try CommentStore.update(comment.id, text, from: draft.version, now: visit.now, in: db) else { return false }
      try Notifications.send(about: comment, on: kind, header, mentioned: mentioned, answering: nil, by: actor, now: visit.now, in: db)
      let change = Change(field: "comment", before: before, after: draft.body)
      try Activity.record("comment.edited", kind, header, changes: [change], by: actor, now: visit.now, in: db)
      return true
    }
    guard isSaved else {
      let stored = try self.comment(comment.id, on: header, visit)
      draft.version = stored.version
      let says = try visit.store.read { db in try Mentions.typed(stored.body, in: db) }
      draft.problem = Message("You changed this in another window. There it says: “{text}”. Save again to write over it.", ["text": says])
      return try CommentsTab.page(visit, kind, header, draft, status: 409)
    }
    return visit.redirect(to: place(comment.id, header), Flash(Message("The comment is saved.")))
  }

  @Sendable private func delete(_ visit: Visit) throws -> Response { try setDeleted(true, visit) }

  @Sendable private func undelete(_ visit: Visit) throws -> Response { try setDeleted(false, visit) }

  private func setDeleted(_ isDeleted: Bool, _ visit: Visit) throws -> Response {
    let header = try header(visit)
    let comment = try comment(try visit.id("comment"), on: header, visit)
    let href = kind.path(of: header.id.text) + "/comments"
    guard comment.authorID == (try visit.user.id.text) || visit.may(.full, on: kind.resource) else {
      throw Problem.forbidden(Message("Only who wrote a comment can delete it."))
    }
    if visit.isReplay { return visit.redirect(to: href) }
    if header.isTrashed { return visit.redirect(to: href, .restoreFirst(header.name)) }
    let actor = try visit.actor
    let isDone = try visit.store.write(.essential) { db in
      guard try CommentStore.setDeleted(isDeleted, comment.id, now: visit.now, in: db) else { return false }
      let text = try Mentions.typed(comment.body, in: db)
      let change = Change(field: "comment", before: isDeleted ? text : "", after: isDeleted ? "" : text)
      try Activity.record(
        isDeleted ? "comment.deleted" : "comment.restored", kind, header, changes: [change], by: actor, now: visit.now, in: db)
      return true
    }
    guard isDone else {
      let message = isDeleted ? Message("It is deleted already.") : Message("It is there already.")
      return visit.redirect(to: href, Flash(message, kind: .problem))
    }
    return visit.redirect(
      to: isDeleted ? href : place(comment.id, header),
      isDeleted
        ? Flash(Message("The comment is deleted."), undo: href + "/" + comment.id.text + "/undelete")
        : Flash(Message("The comment is back.")))
  }

  // MARK: Parts

  private func body(_ reader: inout FormReader) -> String {
    let text = reader.text("body", atMost: Comment.longestBody)
    if text.isEmpty { reader.problem("body", Message("Write something first.")) }
    return text
  }

  /// The page with what was typed and what speaks against it, if anything does.
  private func refuse(_ visit: Visit, _ header: RecordHeader, _ draft: inout CommentsTab.Draft, _ reader: FormReader) throws -> Response? {
    draft.problem = reader.problems[""] ?? reader.problems["body"] ?? reader.problems.order.first.flatMap { reader.problems[$0] }
    if header.isTrashed {
      draft.problem = Message("{name} is in the trash. Restore it first; what you typed stays here.", ["name": header.name])
    }
    return draft.problem == nil ? nil : try CommentsTab.page(visit, kind, header, draft, status: 422)
  }

  /// The page on which a comment stands.
  private func place(_ comment: RecordID, _ header: RecordHeader) -> String {
    kind.path(of: header.id.text) + "/comments?at=" + comment.text + "#c-" + comment.text
  }

  private func header(_ visit: Visit) throws -> RecordHeader {
    try visit.store.read { db in try RecordActs(kind: kind).header(visit, in: db) }
  }

  private func comment(_ id: RecordID, on header: RecordHeader, _ visit: Visit) throws -> Comment {
    try visit.store.read { db in
      try visit.load(in: db) { db in try CommentStore.find(id, on: kind, header.id, in: db) }
    }
  }
}

extension Message {
  static var onlyItsAuthorChanges: Message { Message("Only who wrote a comment can change it.") }
}
