import Base
import Store
import Web

/// What the pages of one kind of record post about their comments.
struct CommentHandlers: Sendable {
  let kind: RecordType

  var routes: [Route] {
    let comments = kind.path + "/{id}/comments"
    return [
      .post(comments, .write(kind.resource), draft: addDraft, add),
      .post(comments + "/{comment}", .write(kind.resource), draft: editDraft, edit),
      .post(comments + "/{comment}/delete", .write(kind.resource), delete),
      .post(comments + "/{comment}/undelete", .write(kind.resource), undelete),
    ]
  }

  @Sendable private func add(_ context: RequestContext) throws -> Response {
    var reader = FormReader(try context.form(), single: ["body", "parent", "version"])
    let header = try header(context)
    var draft = CommentsTab.Draft(parent: RecordID(reader.line("parent")), body: body(&reader))
    let parent = try draft.parent.map { try comment($0, on: header, context) }
    if parent?.isDeleted == true {
      draft.parent = nil
      reader.problem("body", Message("The comment you are replying to was deleted in the meantime. Send again to post yours anyway."))
    }
    if let refusal = try refuse(context, header, &draft, reader) { return refusal }
    let actor = try context.actor
    let made = try context.store.write { db in
      let (text, mentioned) = try Mentions.keep(draft.body, in: db)
      let comment = try CommentStore.insert(text, on: header.id, answering: parent, by: actor, now: context.now, in: db)
      try Notifications.send(about: comment, on: kind, header, mentioned: mentioned, answering: parent, by: actor, now: context.now, in: db)
      let change = Change(field: "comment", before: "", after: draft.body)
      try Activity.record("comment.added", kind, header, changes: [change], by: actor, now: context.now, in: db)
      return comment
    }
    return context.redirect(to: place(made.id, header), Flash(Message("The comment is added.")))
  }

  @Sendable private func edit(_ context: RequestContext) throws -> Response {
    var reader = FormReader(try context.form(), single: ["body", "version", "parent"])
    let header = try header(context)
    let comment = try comment(try context.id("comment"), on: header, context)
    var draft = CommentsTab.Draft(edits: comment.id, body: body(&reader), version: Int(reader.line("version")) ?? 0)
    guard comment.authorID == (try context.user.id.text) else {
      throw HTTPError.forbidden(.onlyItsAuthorChanges)
    }
    if comment.isDeleted {
      draft.edits = nil
      reader.problem("body", Message("This comment was deleted in the meantime. Send again to post it as a new one."))
    }
    if let refusal = try refuse(context, header, &draft, reader) { return refusal }
    let actor = try context.actor
    let isSaved = try context.store.write { db -> Bool in
      let (text, mentioned) = try Mentions.keep(draft.body, in: db)
      // Saved as it was: nothing that others should be told was edited.
      if text == comment.body, draft.version == comment.version { return true }
      let before = try Mentions.typed(comment.body, in: db)
      guard try CommentStore.update(comment.id, text, from: draft.version, now: context.now, in: db) else { return false }
      try Notifications.send(about: comment, on: kind, header, mentioned: mentioned, answering: nil, by: actor, now: context.now, in: db)
      let change = Change(field: "comment", before: before, after: draft.body)
      try Activity.record("comment.edited", kind, header, changes: [change], by: actor, now: context.now, in: db)
      return true
    }
    guard isSaved else {
      let stored = try self.comment(comment.id, on: header, context)
      draft.version = stored.version
      let says = try context.store.read { db in try Mentions.typed(stored.body, in: db) }
      draft.problem = Message("You changed this in another window. There it says: “{text}”. Save again to write over it.", ["text": says])
      return try CommentsTab.page(context, kind, header, draft, status: 409)
    }
    return context.redirect(to: place(comment.id, header), Flash(Message("The comment is saved.")))
  }

  @Sendable private func addDraft(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let draft = CommentsTab.Draft(parent: RecordID(form["parent"] ?? ""), body: form["body"] ?? "")
    return try CommentsTab.page(context, kind, try header(context), draft)
  }

  @Sendable private func editDraft(_ context: RequestContext) throws -> Response {
    let form = try context.form()
    let draft = CommentsTab.Draft(
      edits: try context.id("comment"), body: form["body"] ?? "", version: Int(form["version"] ?? "") ?? 0)
    return try CommentsTab.page(context, kind, try header(context), draft)
  }

  @Sendable private func delete(_ context: RequestContext) throws -> Response { try setDeleted(true, context) }

  @Sendable private func undelete(_ context: RequestContext) throws -> Response { try setDeleted(false, context) }

  private func setDeleted(_ isDeleted: Bool, _ context: RequestContext) throws -> Response {
    let header = try header(context)
    let comment = try comment(try context.id("comment"), on: header, context)
    let href = kind.path(of: header.id.text) + "/comments"
    guard comment.authorID == (try context.user.id.text) || context.may(.full, on: kind.resource) else {
      throw HTTPError.forbidden(Message("Only who wrote a comment can delete it."))
    }
    if header.isTrashed { return context.redirect(to: href, .restoreFirst(header.name)) }
    let actor = try context.actor
    let isDone = try context.store.write(.essential) { db in
      guard try CommentStore.setDeleted(isDeleted, comment.id, now: context.now, in: db) else { return false }
      let text = try Mentions.typed(comment.body, in: db)
      let change = Change(field: "comment", before: isDeleted ? text : "", after: isDeleted ? "" : text)
      try Activity.record(
        isDeleted ? "comment.deleted" : "comment.restored", kind, header, changes: [change], by: actor, now: context.now, in: db)
      return true
    }
    guard isDone else {
      let message = isDeleted ? Message("It is deleted already.") : Message("It is there already.")
      return context.redirect(to: href, Flash(message, kind: .problem))
    }
    return context.redirect(
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
  private func refuse(_ context: RequestContext, _ header: RecordHeader, _ draft: inout CommentsTab.Draft, _ reader: FormReader) throws
    -> Response?
  {
    draft.problem = reader.problems[""] ?? reader.problems["body"] ?? reader.problems.order.first.flatMap { reader.problems[$0] }
    if header.isTrashed {
      draft.problem = Message("{name} is in the trash. Restore it first; what you typed stays here.", ["name": header.name])
    }
    return draft.problem == nil ? nil : try CommentsTab.page(context, kind, header, draft, status: 422)
  }

  /// The page on which a comment stands.
  private func place(_ comment: RecordID, _ header: RecordHeader) -> String {
    kind.path(of: header.id.text) + "/comments?at=" + comment.text + "#c-" + comment.text
  }

  private func header(_ context: RequestContext) throws -> RecordHeader {
    try context.store.read { db in try RecordActs(kind: kind).header(context, in: db) }
  }

  private func comment(_ id: RecordID, on header: RecordHeader, _ context: RequestContext) throws -> Comment {
    try context.store.read { db in
      try context.load(in: db) { db in try CommentStore.find(id, on: header.id, in: db) }
    }
  }
}

extension Message {
  static var onlyItsAuthorChanges: Message { Message("Only who wrote a comment can change it.") }
}
