import Admin
import Base
import Store
import Web

/// The comments on one kind of record, for programs.
struct CommentOperations: Sendable {
  let kind: RecordType

  var all: [APIOperation] {
    let (name, comments) = (kind.list.name, "/\(kind.list.name)/{id}/comments")
    let body = JSONShape.Member(
      "body", .text(atLeast: 1, atMost: Comment.longestBody), note: "Markdown; @ and an e-mail address mention a user.")
    return [
      APIOperation(
        .get, comments, id: name + "_comments", group: name, "List comments", access: .see(kind.resource), parameters: [.after],
        output: (200, .named("CommentList")), .read(list)),
      APIOperation(
        .post, comments, id: name + "_comment_add", group: name, "Add a comment", access: .write(kind.resource),
        parameters: [.idempotencyKey],
        input: .object([body, .init("parent", .optional(.id), isRequired: false, note: "The comment that it answers.")]),
        output: (201, .named("Comment")), .write(add)),
      APIOperation(
        .delete, comments + "/{comment}", id: name + "_comment_delete", group: name, "Delete a comment", access: .write(kind.resource),
        parameters: [.idempotencyKey], output: (204, nil), .write(delete)),
    ]
  }

  static let shapes: [(name: String, shape: JSONShape)] = [
    (
      "Comment",
      .object([
        .init("id", .id), .init("version", .integer()), .init("parent", .optional(.id)), .init("author", .text()),
        .init("body", .text()), .init("created_at", .moment), .init("edited_at", .optional(.moment)),
      ])
    ),
    ("CommentList", .object([.init("items", .list(.named("Comment"))), .init("next", .optional(.text()))])),
  ]

  private static let threadsPerPage = 20

  @Sendable private func list(_ context: RequestContext, _ db: Database) throws -> APIAnswer {
    let header = try context.header(of: kind, in: db)
    let before = try context.query["after"].map { text -> Int in
      guard let seq = Int(text), seq > 0 else { throw APIProblem(.badRequest, Message("This link is broken. Go to the first page.")) }
      return seq
    }
    let (comments, more) = try CommentStore.threads(on: header.id, before: before, limit: Self.threadsPerPage, in: db)
    let next = more.map { URLQuery.append([("after", String($0))], to: context.path) }
    return APIAnswer(
      .object([
        "items": .array(comments.filter { !$0.isDeleted }.map(json)), "next": next.map { .string($0) } ?? .null,
      ]))
  }

  @Sendable private func add(_ context: RequestContext, _ sent: JSON, _ act: ActContext) throws -> APIAnswer {
    let header = try context.header(of: kind, in: act.db)
    let parent = try sent["parent"]?.string.map { text -> Comment in
      guard let id = RecordID(text), let parent = try CommentStore.find(id, on: header.id, in: act.db) else {
        throw APIProblem(.invalid, faults: [.init("/parent", Message("This comment doesn’t exist."))])
      }
      return parent
    }
    let body = TextNormalizing.clean(sent["body"]?.string ?? "")
    let id = try CommentActs.add(body, answering: parent, on: header, act).id(of: nil)
    guard let comment = try CommentStore.find(id, on: header.id, in: act.db) else { throw HTTPError.notFound }
    return APIAnswer(json(comment), status: 201)
  }

  @Sendable private func delete(_ context: RequestContext, _: JSON, _ act: ActContext) throws -> APIAnswer {
    let (header, id) = (try context.header(of: kind, in: act.db), try context.id("comment"))
    guard let comment = try CommentStore.find(id, on: header.id, in: act.db), !comment.isDeleted else { throw HTTPError.notFound }
    _ = try CommentActs.delete(comment, on: header, act).id(of: nil)
    return .done
  }

  private func json(_ comment: Comment) -> JSON {
    .object([
      "id": .string(comment.id.text), "version": .int(comment.version), "parent": comment.parent.map { .string($0.text) } ?? .null,
      "author": .string(comment.authorName), "body": .string(comment.body), "created_at": .string(comment.createdAt),
      "edited_at": comment.editedAt.map { .string($0) } ?? .null,
    ])
  }
}
