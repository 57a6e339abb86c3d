import CRM
import Store
import Templating

extension Commands {
  static func checkTemplates() throws {
    _ = try Application.templates(applicationOptions, assets: nil)
    print("all templates are in order")
  }

  static func routes() throws {
    for route in Application.routeTable { print(route) }
  }

  static func backup(_ arguments: [String]) throws {
    guard arguments.count == 1, let path = arguments.first else { throw UsageError(message: "roost: backup wants a file to write") }
    let store = try openStore()
    try store.backup(to: path)
    store.close()
    print("backed up to \(path)")
  }

  static func check(_ arguments: [String]) throws {
    let options = try parse(arguments, valued: [], flags: ["repair"])
    let store = try openStore()
    if options["repair"] != nil { try Application.repair(store) }
    let problems = try Application.check(store, mediaFolder: mediaFolder)
    store.close()
    guard problems.isEmpty else { throw Finding(problems.joined(separator: "; ")) }
    print("nothing is wrong")
  }
}
