package import Base
import Store
package import Templating
import Web

/// What is filed with a record, or its pictures.
package struct FilesTab: Sendable {
  let purpose: FolderStore.Purpose

  package static let fileShape = ViewSchema(
    "file",
    [
      ("id", .text), ("name", .text), ("href", .text), ("icon", .text), ("small", .optional(.text)), ("tile", .optional(.text)),
      ("size", .text), ("pixels", .text), ("by", .text), ("at", .text), ("time", .text), ("isAvatar", .bool), ("actHref", .text),
      ("isPicture", .bool),
    ])
  package static let waitingShape = ViewSchema("waiting", [("id", .text), ("name", .text)])
  static let shape = ViewSchema(
    "files",
    [
      ("record", .record(RecordFrame.shape)), ("isImages", .bool), ("mayAdd", .bool), ("href", .text), ("pickHref", .optional(.text)),
      ("uploadsHref", .text), ("accept", .text), ("limit", .text), ("files", .list(.record(fileShape))),
      ("waiting", .list(.record(waitingShape))), ("problems", .list(.record(FormRecord.problemShape))), ("older", .optional(.text)),
      ("newest", .optional(.text)),
    ])

  static let files = RecordTab(id: "files", label: "Files", rows: FilesTab(purpose: .files).rows, show: FilesTab(purpose: .files).show)
  static let images = RecordTab(id: "images", label: "Images", rows: FilesTab(purpose: .images).rows, show: FilesTab(purpose: .images).show)
  private static let pageSize = 60

  @Sendable private func rows(_ header: RecordHeader, _ context: RequestContext) -> SQL { FileStore.filed(purpose, with: header.id) }

  @Sendable private func show(_ context: RequestContext, _ kind: RecordType, _ header: RecordHeader) throws -> Response {
    try page(context, kind, header)
  }

  func page(
    _ context: RequestContext, _ kind: RecordType, _ header: RecordHeader, waiting: [Uploads.Upload] = [],
    problems: [Message] = [], status: Int = 200
  ) throws -> Response {
    let before = context.query["before"].flatMap { Int($0) }
    let found = try context.store.read { db in
      try FolderStore.find(purpose, of: header.id, in: db).map {
        try FileStore.inFolder($0, before: before, limit: Self.pageSize + 1, in: db)
      } ?? []
    }
    let shown = found.prefix(Self.pageSize)
    let href = kind.path(of: header.id.text) + "/" + purpose.rawValue
    let mayAdd = context.may(.write, on: kind.resource) && (!header.isTrashed || !waiting.isEmpty)
    let formats = context.formats
    return try context.page(
      "media/files",
      ViewData(
        Self.shape,
        [
          .record(RecordFrame.record(header, kind, tab: purpose.rawValue, for: context)), .bool(purpose == .images), .bool(mayAdd),
          .text(href),
          mayAdd && !header.isTrashed ? .text(href + "/pick") : .null, .text("/admin/crm/uploads"),
          .text(purpose == .images ? "image/jpeg,image/png,image/gif,image/webp" : ""),
          .text(context.formats.size(context.services.media.limits.file)),
          .list(shown.map { .record(Self.file($0, actHref: href, avatar: header.avatar, formats)) }),
          .list(waiting.map(Self.waiting)),
          FormRecord.summary(FileIntake.errors(problems), labels: [:], for: context),
          found.count > Self.pageSize ? shown.last.map { .text(URLQuery.append([("before", String($0.seq))], to: href)) } ?? .null : .null,
          before == nil ? .null : .text(href),
        ]), status: status)
  }

  package static func waiting(_ upload: Uploads.Upload) -> Value {
    .record(ViewData(waitingShape, [.text(upload.id.text), .text(upload.name)]))
  }

  package static func file(_ file: MediaFile, actHref: String, avatar: RecordID? = nil, _ formats: Formats) -> ViewData {
    ViewData(
      fileShape,
      [
        .text(file.id.text), .text(file.name), .text(file.href), .text(file.icon), file.thumbnail(.small).map { .text($0) } ?? .null,
        file.thumbnail(.tile).map { .text($0) } ?? .null, .text(formats.size(file.size)),
        .text(file.pixels.map { "\($0.width) × \($0.height)" } ?? ""), .text(file.uploadedBy), .text(file.createdAt),
        .text(formats.minute(file.createdAt)), .bool(file.id == avatar), .text(actHref + "/" + file.id.text),
        .bool(file.isPicture),
      ])
  }
}

/// Files of the whole library, to choose one for a record.
package struct PickPage {
  let kind: RecordType
  let purpose: FolderStore.Purpose
  let header: RecordHeader
  let q: String
  let found: [FileStore.Placed]

  static let limit = 60
  static let placedShape = ViewSchema(
    "placed", [("file", .record(FilesTab.fileShape)), ("homeHref", .optional(.text)), ("homeName", .text)])
  static let shape = ViewSchema(
    "pick", [("record", .record(RecordFrame.shape)), ("href", .text), ("q", .text), ("found", .list(.record(placedShape)))])

  func response(for context: RequestContext) throws -> Response {
    let href = kind.path(of: header.id.text) + "/" + purpose.rawValue
    let formats = context.formats
    return try context.page(
      "media/pick",
      ViewData(
        Self.shape,
        [
          .record(RecordFrame.record(header, kind, tab: purpose.rawValue, for: context)), .text(href), .text(q),
          .list(found.map { Self.placed($0, actHref: href, formats) }),
        ]))
  }

  static func placed(_ placed: FileStore.Placed, actHref: String, _ formats: Formats) -> Value {
    .record(
      ViewData(
        placedShape,
        [
          .record(FilesTab.file(placed.file, actHref: actHref, formats)), placed.home.map { .text($0.href) } ?? .null,
          .text(placed.home?.name ?? ""),
        ]))
  }
}
