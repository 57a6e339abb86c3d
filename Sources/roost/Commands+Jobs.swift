import Admin
import CRM
import Store

extension Commands {
  /// Lists jobs, or does those that are due.
  static func jobs(_ arguments: [String]) throws {
    guard arguments.isEmpty || arguments == ["run"] else {
      throw UsageError(message: "roost: unknown option or argument “\(arguments[0])”")
    }
    let store = try openStore(making: false)
    defer { store.close() }
    guard arguments.isEmpty else {
      let services = try Application(crm, store: store, options: applicationOptions()).services
      let count = try services.performDueJobs()
      print("\(count) \(count == 1 ? "job" : "jobs") done")
      return
    }
    let lines = try store.read { db in try Jobs.list(in: db) }
    print(lines.isEmpty ? "no jobs" : lines.joined(separator: "\n"))
  }
}
