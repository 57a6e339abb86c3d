import Templating
import Web

/// Switches the CRM on again, from the notice that is shown in place of its pages while it is off.
enum CRMSwitch {
  static let path = SettingsTab.root + "/switch-on"

  static let routes: [Route] = [.post(path, .full(.settings), keepsForms: false, switchOn)]

  static let schema = ViewSchema("crm-off", [("action", .text)])

  @Sendable private static func switchOn(_ context: RequestContext) throws -> Response {
    let composition = context.composition
    let outcome = try context.act { act in
      let record = try SettingsStore.record(of: composition, in: act.db)
      var values = record.values
      if let index = record.type.index(of: Setting.crmIsOn.name) { values[index] = .integer(1) }
      return try SettingsStore.save(values, from: record.version, of: composition, act)
    }
    return context.redirect(to: "/admin/crm", outcome, Message("The CRM is on."), orElse: Message("Nothing to change."))
  }
}
