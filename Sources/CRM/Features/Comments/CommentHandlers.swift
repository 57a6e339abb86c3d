import Admin
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
    let header = try context.header(of: kind)
    var draft = CommentsTab.Draft(try context.form())
    let parent = try draft.parent.map { try comment($0, on: header, context) }
    if let page = try askAboutMentions(context, header, &draft) { return page }
    let outcome = try write(context) { act in try CommentActs.add(draft.body, answering: parent, on: header, act) }
    if case .done(let id, _) = outcome { return context.redirect(to: place(id, header), Flash(Message("Comment added."))) }
    // What it answered is gone: sent again, it is a comment of its own.
    if parent?.isDeleted == true { draft.parent = nil }
    return try refuse(context, header, outcome, &draft)
  }

  @Sendable private func edit(_ context: RequestContext) throws -> Response {
    let (header, comment) = try load(context)
    var draft = CommentsTab.Draft(try context.form(), editing: comment.id)
    if let page = try askAboutMentions(context, header, &draft) { return page }
    let outcome = try write(context) { act in try CommentActs.edit(comment, to: draft.body, from: draft.version, on: header, act) }
    switch outcome {
    case .done, .unchanged: return context.redirect(to: place(comment.id, header), Flash(Message("Comment saved.")))
    case .invalid:
      if comment.isDeleted { draft.edits = nil }
      return try refuse(context, header, outcome, &draft)
    case .conflict:
      let stored = try self.comment(comment.id, on: header, context)
      draft.version = stored.version
      let says = try context.store.read { db in try Mentions.typed(stored.body, in: db) }
      draft.problem = Message("Changed in another window to “{text}”. Save again to overwrite it.", ["text": says])
      return try CommentsTab.page(context, kind, header, draft, status: 409)
    }
  }

  @Sendable private func addDraft(_ context: RequestContext) throws -> Response {
    try CommentsTab.page(context, kind, try context.header(of: kind), CommentsTab.Draft(try context.form()))
  }

  @Sendable private func editDraft(_ context: RequestContext) throws -> Response {
    try CommentsTab.page(context, kind, try context.header(of: kind), CommentsTab.Draft(try context.form(), editing: context.id("comment")))
  }

  @Sendable private func delete(_ context: RequestContext) throws -> Response {
    let (header, comment) = try load(context)
    let outcome = try context.act(.essential) { act in try CommentActs.delete(comment, on: header, act) }
    return context.redirect(
      to: header.href + "/comments", outcome, Message("Comment deleted."), orElse: Message("Already deleted."))
  }

  @Sendable private func undelete(_ context: RequestContext) throws -> Response {
    let (header, comment) = try load(context)
    let outcome = try context.act(.essential) { act in try CommentActs.restore(comment, on: header, act) }
    return context.redirect(
      to: outcome.hasChanged ? place(comment.id, header) : header.href + "/comments", outcome, Message("Comment restored."),
      orElse: Message("Already restored."))
  }

  // MARK: Parts

  /// Acts, unless the form has what isn't its own.
  private func write(_ context: RequestContext, _ act: (ActContext) throws -> Outcome) throws -> Outcome {
    let reader = FormReader(try context.form(), single: ["body", "parent", "version"], repeated: ["plain"])
    return try reader.problems.isEmpty ? context.act(.ordinary, act) : .invalid(reader.problems)
  }

  /// The form once more where a mention leads to nobody; sent again as it is, it is a comment with these words.
  private func askAboutMentions(_ context: RequestContext, _ header: RecordHeader, _ draft: inout CommentsTab.Draft) throws -> Response? {
    let failed = try context.store.read { [body = draft.body] db in try Mentions.keep(body, in: db).failed }
    if Set(failed).isSubset(of: draft.plain) { return nil }
    draft.plain = failed
    draft.problem = Message(
      "Not one clear match for {names}. Choose a name from the list, or send again to post it as plain text.",
      ["names": failed.joined(separator: ", ")])
    return try CommentsTab.page(context, kind, header, draft, status: 422)
  }

  /// The page with what was typed and what speaks against it.
  private func refuse(_ context: RequestContext, _ header: RecordHeader, _ outcome: Outcome, _ draft: inout CommentsTab.Draft) throws
    -> Response
  {
    draft.problem = outcome.errors.first
    return try CommentsTab.page(context, kind, header, draft, status: 422)
  }

  /// The page that shows a comment.
  private func place(_ comment: RecordID, _ header: RecordHeader) -> String {
    header.href + "/comments?at=" + comment.text + "#c-" + comment.text
  }

  private func load(_ context: RequestContext) throws -> (RecordHeader, Comment) {
    let header = try context.header(of: kind)
    return (header, try comment(try context.id("comment"), on: header, context))
  }

  private func comment(_ id: RecordID, on header: RecordHeader, _ context: RequestContext) throws -> Comment {
    try context.store.read { db in
      try context.load(in: db) { db in try CommentStore.find(id, on: header.id, in: db) }
    }
  }
}
