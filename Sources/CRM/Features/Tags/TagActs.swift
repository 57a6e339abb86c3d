import Admin
import Base
import Store
import Web

/// What is done to tags. Each act has its entry in the activity log.
enum TagActs {
  private static let path = TagsPage.path

  static let actions = [
    ActionLabel(action: "tag.updated", label: "Edited a tag", icon: "tag"),
    ActionLabel(action: "tag.merged", label: "Merged a tag into another", icon: "tags"),
    ActionLabel(action: "tag.deleted", label: "Deleted a tag", icon: "trash"),
  ]

  private static func find(_ context: RequestContext) throws -> Tag {
    let id = try context.id("tag")
    return try context.store.read { db in try context.load(in: db) { db in try TagStore.find(id, in: db) } }
  }

  private static func record(_ action: String, _ tag: Tag, _ changes: [Change], _ act: ActContext) throws {
    _ = try Activity.record("tag." + action, type: "tag", id: tag.id, name: tag.name, changes: changes, act)
  }

  // MARK: Changing

  /// What undoes a change is another, which its address holds.
  @Sendable static func change(_ context: RequestContext) throws -> Response {
    let tag = try find(context)
    let form = try context.form()
    var reader = FormReader(form["name"] == nil ? context.query : form, single: ["name", "color"])
    let name = reader.line("name", atMost: Tag.longestName)
    if name.isEmpty { reader.problem("name", Message("Enter a name.")) }
    if let problem = Tag.problem(with: name) { reader.problem("name", problem) }
    let color = reader.form["color"].map { Int($0) } ?? tag.color
    guard let color, Tag.colors.indices.contains(color) else { throw HTTPError.badRequest(.notOffered) }
    if let problem = reader.problems[""] { throw HTTPError.badRequest(problem) }
    if let problem = reader.problems["name"] { return try TagsPage.page(context, failed: (tag.id, name, problem)) }
    let isFree = try context.act { act -> Bool in
      // As it is now.
      guard let tag = try TagStore.find(tag.id, in: act.db) else { throw HTTPError.notFound }
      guard try TagStore.change(tag, name: name, color: color, in: act.db) else { return false }
      let changes = [
        Change(field: "tag", before: tag.name, after: name),
        Change(field: "color", before: Tag.colors[tag.color], after: Tag.colors[color]),
      ].filter { $0.before != $0.after }
      if !changes.isEmpty { try record("updated", Tag(id: tag.id, name: name, color: color), changes, act) }
      return true
    }
    guard isFree else {
      let problem = Message("There is already a tag “{name}”. Merge the two instead.", ["name": name])
      return try TagsPage.page(context, failed: (tag.id, name, problem))
    }
    let undo = URLQuery.append([("name", tag.name), ("color", String(tag.color))], to: path + "/" + tag.id.text)
    return context.redirect(
      to: path,
      Flash(Message("Tag “{name}” saved.", ["name": name]), undo: tag == Tag(id: tag.id, name: name, color: color) ? nil : undo))
  }

  // MARK: Merging and deleting

  static let noTarget = Message("Choose another tag to merge it into.")

  /// The other tag that a name or an id means.
  static func target(_ text: String, of tag: Tag, _ context: RequestContext) throws -> Tag? {
    let typed = TextNormalizing.line(String(text.prefix(200)))
    let found = try context.store.read { db in
      try RecordID(typed).flatMap { try TagStore.find($0, in: db) } ?? TagStore.named(typed, in: db)
    }
    return found?.id == tag.id ? nil : found
  }

  @Sendable static func merge(_ context: RequestContext) throws -> Response {
    let tag = try find(context)
    guard let other = try target(try context.form()["into"] ?? "", of: tag, context) else {
      return try TagsPage.page(context, failed: (tag.id, tag.name, noTarget))
    }
    try remove(tag, movingTo: other, context)
    return context.redirect(to: path, Flash(Message("“{name}” merged into “{other}”.", ["name": tag.name, "other": other.name])))
  }

  @Sendable static func delete(_ context: RequestContext) throws -> Response {
    let tag = try find(context)
    try remove(tag, movingTo: nil, context)
    return context.redirect(to: path, Flash(Message("Tag “{name}” deleted.", ["name": tag.name])))
  }

  /// Some records at a time, so that others write in between; the tag itself goes with the last of them.
  private static func remove(_ tag: Tag, movingTo other: Tag?, _ context: RequestContext) throws {
    var isDone = false
    while !isDone {
      isDone = try context.act(.essential) { act -> Bool in
        if let other, try TagStore.find(other.id, in: act.db) == nil { throw HTTPError.notFound }
        if try TagStore.move(tag.id, to: other?.id, in: act.db) { return false }
        _ = try context.once(in: act.db) {
          guard try TagStore.delete(tag, mergedInto: other?.id, in: act.db) else { return .unchanged(tag.id) }
          try record(other == nil ? "deleted" : "merged", tag, [Change(field: "tag", before: tag.name, after: other?.name ?? "")], act)
          return .done(tag.id)
        }
        return true
      }
    }
  }
}
