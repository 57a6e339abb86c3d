import Store
import Templating

/// On the Data tab: what the last check has found.
enum CheckPanel {
  private static let shape = ViewSchema("check", [("job", .record(JobStateView.shape))])

  static let panel = PagePanel(on: .settings("data"), template: "backups/check", schema: shape) { shape, context, db in
    ViewData(shape, [.record(try JobStateView.data(.check, context, in: db))])
  }
}
