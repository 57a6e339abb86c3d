import Store
import Templating

/// How much room the database and the files take.
enum StoragePanel {
  private static let shape = ViewSchema(
    "storage", [("database", .text), ("files", .text), ("filesLimit", .text), ("dataFolder", .text), ("mediaFolder", .text)])

  static let panel = PagePanel(on: .settings("data"), template: "settings/storage", schema: shape) { shape, context, db in
    let services = context.services
    return ViewData(
      shape,
      [
        .text(context.formats.size(try db.size())), .text(context.formats.size(try db.value("SELECT bytes FROM media_usage") ?? 0)),
        .text(context.formats.size(services.media.limits.total)), .text(services.store.path), .text(services.media.folder),
      ])
  }
}
