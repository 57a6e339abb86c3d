import Base
package import Templating

/// The head and tabs of a record's pages, as templates see them.
package enum RecordFrame {
  package static let shape = ViewSchema(
    "record",
    [
      ("kind", .text), ("inTrash", .text), ("listHref", .text), ("listLabel", .text), ("href", .text), ("id", .text), ("name", .text),
      ("initials", .text),
      ("tint", .text), ("isSquare", .bool), ("picture", .optional(.text)),
      ("status", .text), ("statusLabel", .text), ("line", .text), ("parentHref", .optional(.text)), ("parentName", .text),
      ("mayWrite", .bool), ("mayDelete", .bool), ("isTrashed", .bool), ("tabs", .list(.record(ListPage.linkShape))),
    ])

  package static func record(_ header: RecordHeader, _ kind: RecordType, tab: String, for context: RequestContext) -> ViewData {
    let href = kind.path(of: header.id.text)
    let tabs =
      [ListPage.link("Overview", href, current: tab == "overview")]
      + context.composition.tabs.map { ListPage.link($0.label, href + "/" + $0.id, current: tab == $0.id) }
    return ViewData(
      shape,
      [
        .text(kind.name), .text(kind.words.inTrash), .text(kind.path), .text(kind.listLabel), .text(href), .text(header.id.text),
        .text(header.name),
        .text(Initials.of(header.name)), .text(Tint.of(header.id.text)), .bool(kind.isSquare),
        header.avatar.map { .text("/admin/crm/files/\($0.text)/thumbnail/\(Thumbnails.Side.small.rawValue)") } ?? .null,
        .text(header.status), .text(context.formats.status(header.status)),
        .text(header.line), header.parent.map { .text($0.href) } ?? .null, .text(header.parent?.name ?? ""),
        .bool(context.may(.write, on: kind.resource)), .bool(context.may(.full, on: kind.resource)), .bool(header.isTrashed), .list(tabs),
      ])
  }
}
