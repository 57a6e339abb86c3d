import Admin
import Base
import Markdown
import Store
import Templating
import Web

/// The comments on a record.
enum CommentsTab {
  static let lineShape = ViewSchema(
    "comment",
    [
      ("id", .text), ("depth", .int), ("author", .text), ("initials", .text), ("tint", .text), ("answers", .optional(.text)),
      ("body", .html),
      ("at", .text), ("time", .text), ("isEdited", .bool), ("isDeleted", .bool), ("replyHref", .optional(.text)),
      ("editHref", .optional(.text)), ("deleteHref", .optional(.text)), ("form", .optional(.record(formShape))),
    ])
  static let formShape = ViewSchema(
    "comment-form",
    [
      ("action", .text), ("parent", .text), ("version", .int), ("body", .text), ("error", .optional(.text)), ("isEdit", .bool),
      ("cancelHref", .text), ("id", .text), ("plain", .list(.text)),
    ])
  static let shape = ViewSchema(
    "comments",
    [
      ("record", .record(RecordFrame.shape)), ("form", .optional(.record(formShape))), ("lines", .list(.record(lineShape))),
      ("older", .optional(.text)), ("newest", .optional(.text)),
    ])

  static let tab = RecordTab(
    id: "comments", label: "Comments", rows: { header, _ in CommentStore.rows(on: header.id) }, show: show)
  private static let pageSize = 20

  /// A comment that is being written.
  struct Draft {
    /// What it answers, or what it changes.
    var parent: RecordID?
    var edits: RecordID?
    var body = ""
    var version = 0
    /// What looks like mentions of nobody, and is to be sent all the same.
    var plain: [String] = []
    var problem: Message?

    init(parent: RecordID? = nil, edits: RecordID? = nil) { (self.parent, self.edits) = (parent, edits) }

    /// A form as it was posted.
    init(_ form: FormFields, editing edits: RecordID? = nil) {
      parent = edits == nil ? RecordID(form["parent"] ?? "") : nil
      self.edits = edits
      body = TextNormalizing.clean(form["body"] ?? "")
      version = Int(form["version"] ?? "") ?? 0
      plain = form.all("plain")
    }
  }

  @Sendable private static func show(_ context: RequestContext, _ kind: RecordType, _ header: RecordHeader) throws -> Response {
    var draft = Draft(parent: context.query["reply"].flatMap { RecordID($0) }, edits: context.query["edit"].flatMap { RecordID($0) })
    if let edits = draft.edits {
      try context.store.read { db in
        guard let comment = try CommentStore.find(edits, on: header.id, in: db) else { throw HTTPError.notFound }
        guard comment.authorID == (try context.user.id.text) else { throw HTTPError.forbidden(.onlyItsAuthorChanges) }
        draft.body = try Mentions.typed(comment.body, in: db)
        draft.version = comment.version
      }
    }
    return try page(context, kind, header, draft)
  }

  static func page(_ context: RequestContext, _ kind: RecordType, _ header: RecordHeader, _ draft: Draft, status: Int = 200) throws
    -> Response
  {
    let (found, hasNewer, people) = try context.store.read { db in
      // `at` is a comment to be shown, on whatever page it is.
      let sought = try (context.query["at"].flatMap { RecordID($0) } ?? draft.parent ?? draft.edits).flatMap {
        try CommentStore.find($0, on: header.id, in: db)
      }
      let before = context.query["before"].flatMap { Int($0) } ?? sought.map { $0.thread + 1 }
      let found = try CommentStore.threads(on: header.id, before: before, limit: pageSize, in: db)
      // What was sought may be on the first page.
      let hasNewer = try before.map { try CommentStore.hasThreads(on: header.id, from: $0, in: db) } ?? false
      return (found, hasNewer, try Mentions.people(in: found.comments.map(\.body), db))
    }
    let href = kind.path(of: header.id.text) + "/comments"
    let renderer = CommentPainter(kind: kind, header: header, context: context, draft: draft, people: people)
    let isNew = draft.parent == nil && draft.edits == nil
    return try context.page(
      "comments/comments",
      ViewData(
        shape,
        [
          .record(RecordFrame.record(header, kind, tab: tab.id, for: context)),
          renderer.mayWrite || draft.problem != nil ? .record(renderer.form(isNew ? draft : Draft(), action: href)) : .null,
          .list(PlacedComment.arrange(found.comments).map(renderer.line)),
          found.more.map { .text(URLQuery.append([("before", String($0))], to: href)) } ?? .null, hasNewer ? .text(href) : .null,
        ]), status: status)
  }
}

/// Makes the lines of a page of comments for one visitor.
private struct CommentPainter {
  let formats: Formats
  let href: String
  let mayWrite: Bool
  let mayDelete: Bool
  let userID: String
  let draft: CommentsTab.Draft
  /// Who may be mentioned, names by id.
  let people: [String: String]

  init(kind: RecordType, header: RecordHeader, context: RequestContext, draft: CommentsTab.Draft, people: [String: String]) {
    self.people = people
    formats = context.formats
    href = kind.path(of: header.id.text) + "/comments"
    mayWrite = context.may(.write, on: kind.resource) && !header.isTrashed
    mayDelete = context.may(.full, on: kind.resource)
    userID = context.session?.user.id.text ?? ""
    self.draft = draft
    problem = draft.problem.map { context.text($0) }
  }

  private let problem: String?

  func form(_ draft: CommentsTab.Draft, action: String) -> ViewData {
    ViewData(
      CommentsTab.formShape,
      [
        .text(action), .text(draft.parent?.text ?? ""), .int(draft.version), .text(draft.body),
        draft.problem == nil ? .null : problem.map { .text($0) } ?? .null, .bool(draft.edits != nil), .text(href),
        .text((draft.parent ?? draft.edits)?.text ?? "new"), .list(draft.plain.map { .text($0) }),
      ])
  }

  func line(_ placed: PlacedComment) -> Value {
    let comment = placed.comment
    let isOwn = comment.authorID == userID
    let here = href + "/" + comment.id.text
    // Without a fragment, which would take the focus away from the form that opens there.
    func link(_ name: String) -> Value { .text(URLQuery.append([(name, comment.id.text)], to: href)) }
    let form: ViewData? =
      draft.parent == comment.id ? self.form(draft, action: href) : draft.edits == comment.id ? self.form(draft, action: here) : nil
    return .record(
      ViewData(
        CommentsTab.lineShape,
        [
          .text(comment.id.text), .int(placed.depth), .text(comment.authorName), .text(Initials.of(comment.authorName)),
          .text(Tint.of(comment.authorID ?? "")), placed.answers.map { .text($0) } ?? .null,
          .html(Markdown.html(comment.isDeleted ? "" : comment.body, people: people)), .text(comment.createdAt),
          .text(formats.minute(comment.createdAt)),
          .bool(comment.editedAt != nil), .bool(comment.isDeleted), mayWrite && !comment.isDeleted ? link("reply") : .null,
          mayWrite && isOwn && !comment.isDeleted ? link("edit") : .null,
          mayWrite && (isOwn || mayDelete) && !comment.isDeleted ? .text(here + "/delete") : .null,
          mayWrite || draft.problem != nil ? form.map { .record($0) } ?? .null : .null,
        ]))
  }
}
