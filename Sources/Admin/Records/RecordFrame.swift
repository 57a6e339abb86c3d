import Base
import Store
package import Templating

/// The head and tabs of a record's pages, as templates see them.
package enum RecordFrame {
  private static let actShape = ViewSchema("record-act", [("label", .text), ("icon", .text), ("key", .text), ("href", .text)])
  package static let shape = ViewSchema(
    "record",
    [
      ("kind", .text), ("inTrash", .text), ("listHref", .text), ("listLabel", .text), ("previous", .text), ("next", .text), ("href", .text),
      ("id", .text), ("name", .text), ("initials", .text), ("tint", .text), ("emblem", .text), ("icon", .text),
      ("picture", .optional(.text)),
      ("status", .text), ("statusLabel", .text), ("line", .text), ("parentHref", .optional(.text)), ("parentName", .text),
      ("phone", .text), ("phoneHref", .optional(.text)), ("email", .text), ("acts", .list(.record(actShape))),
      ("mayWrite", .bool), ("mayDelete", .bool), ("isTrashed", .bool), ("tabs", .list(.record(ListPage.linkShape))),
    ])

  package static func record(_ header: RecordHeader, _ kind: RecordType, tab: String, for context: RequestContext) throws -> ViewData {
    let header = try context.store.read { db in try header.within(context.reach, in: db) }
    let href = kind.path(of: header.id.text)
    let others = context.composition.tabs(of: kind)
    let tabs =
      [ListPage.link("Overview", href, current: tab == "overview")]
      + zip(others, try counts(header, others, context)).map { other, count in
        ListPage.link(other.label, href + "/" + other.id, current: tab == other.id, count: count)
      }
    let acts = others.compactMap { tab in tab.act.map { act in (act, href + "/" + tab.id + act.query) } }
    let mayWrite = context.may(.write, on: kind.resource)
    let origin = ListOrigin(of: header.id, in: kind.list, for: context)
    origin.keep(for: context)
    let opened = others.contains { $0.id == tab } ? tab : ""
    return ViewData(
      shape,
      [
        .text(kind.name), .text(kind.words.inTrash), .text(origin.href), .text(kind.listLabel),
        .text(origin.href(to: .previous, tab: opened, isTrashed: header.isTrashed)),
        .text(origin.href(to: .next, tab: opened, isTrashed: header.isTrashed)), .text(href), .text(header.id.text),
        .text(header.name), .text(Initials.of(header.name)), .text(Tint.of(header.id.text)), .text(kind.emblem.rawValue), .text(kind.icon),
        header.avatar.map { .text("/admin/crm/files/\($0.text)/thumbnail/\(Thumbnails.Side.small.rawValue)") } ?? .null,
        .text(header.status), .text(context.formats.status(header.status)),
        .text(header.line), header.parent.map { .text($0.href) } ?? .null, .text(header.parent?.name ?? ""),
        .text(header.phone), header.phoneHref.map { .text($0) } ?? .null, .text(header.email),
        .list(
          !mayWrite || header.isTrashed
            ? [] : acts.map { .record(ViewData(actShape, [.text($0.label), .text($0.icon), .text($0.key), .text($1)])) }),
        .bool(mayWrite), .bool(context.may(.full, on: kind.resource)), .bool(header.isTrashed), .list(tabs),
      ])
  }

  /// What is counted of a tab at the most, so that a page costs the same for a record of many years.
  private static let most = 99

  /// How much is on each tab, in one query; `nil` for nothing, and for what isn't counted.
  private static func counts(_ header: RecordHeader, _ tabs: [RecordTab], _ context: RequestContext) throws -> [String?] {
    let counted = try tabs.map { tab -> SQL in
      guard let rows = try tab.rows?(header, context) else { return "0" }
      return "(SELECT count(*) FROM (\(rows) LIMIT \(raw: String(most + 1))))"
    }
    guard !counted.isEmpty else { return [] }
    let found = try context.store.read { db in
      try db.first("SELECT \(SQL(joining: counted, separator: ", "))") { row in counted.indices.map { row.int($0) } }
    }
    return (found ?? []).map { $0 == 0 ? nil : ($0 > most ? TabCount.more(than: most) : .exactly($0)).text(context.formats) }
  }
}
