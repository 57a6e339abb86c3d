import Admin

let comments = Feature(
  name: "comments",
  migrations: [.comments, .commentsOfRecords],
  routes: Mentions.routes,
  recordRoutes: { CommentHandlers(kind: $0).routes }, recordOperations: { CommentOperations(kind: $0).all },
  shapes: CommentOperations.shapes,
  pages: ["comments/comments": CommentsTab.shape],
  tabs: [CommentsTab.tab],
  details: [DetailField("comment", "Comment")],
  belongings: [Belonging("Comments", in: "comments", by: "record_id")],
  actions: [
    ActionLabel(action: "comment.added", label: "Commented", icon: "chat"),
    ActionLabel(action: "comment.edited", label: "Edited a comment", icon: "pencil"),
    ActionLabel(action: "comment.deleted", label: "Deleted a comment", icon: "trash"),
    ActionLabel(action: "comment.restored", label: "Restored a comment", icon: "arrow-counterclockwise"),
  ])
