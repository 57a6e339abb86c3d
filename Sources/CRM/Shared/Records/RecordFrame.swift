import Base
import Templating

/// The head and tabs of a record's pages, as templates see them.
enum RecordFrame {
  static let shape = ViewSchema(
    "record",
    [
      ("kind", .text), ("listHref", .text), ("listLabel", .text), ("href", .text), ("id", .text), ("name", .text), ("initials", .text),
      ("tint", .text), ("picture", .optional(.text)),
      ("status", .text), ("statusLabel", .text), ("line", .text), ("companyHref", .optional(.text)), ("companyName", .text),
      ("mayWrite", .bool), ("mayDelete", .bool), ("isTrashed", .bool), ("tabs", .list(.record(ListPage.linkShape))),
    ])

  static func record(_ header: RecordHeader, _ kind: RecordKind, tab: String, for context: RequestContext) -> ViewData {
    let href = kind.path(of: header.id.text)
    let tabs =
      [ListPage.link("Overview", href, current: tab == "overview")]
      + context.application.tabs.map { ListPage.link($0.label, href + "/" + $0.id, current: tab == $0.id) }
    return ViewData(
      shape,
      [
        .text(kind.name), .text(kind.path), .text(kind.listLabel), .text(href), .text(header.id.text), .text(header.name),
        .text(Initials.of(header.name)), .text(Tint.of(header.id.text)),
        header.avatar.map { .text("/admin/crm/files/\($0.text)/thumbnail/\(Thumbnails.Side.small.rawValue)") } ?? .null,
        .text(header.status), .text(context.formats.status(header.status)),
        .text(header.line), header.company.map { .text("/admin/crm/companies/" + $0.id) } ?? .null, .text(header.company?.name ?? ""),
        .bool(context.may(.write, on: kind.resource)), .bool(context.may(.full, on: kind.resource)), .bool(header.isTrashed), .list(tabs),
      ])
  }
}
