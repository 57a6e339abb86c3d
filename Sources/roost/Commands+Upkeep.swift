import Blobs
import CRM
import Store
import Templating

extension Commands {
  static func checkTemplates() throws {
    _ = try Application.templates(applicationOptions(), assets: nil)
    print("all templates are in order")
  }

  static func routes() throws {
    for route in Application.routeTable { print(route) }
  }

  static func backup(_ arguments: [String]) throws {
    guard arguments.count == 1, let path = arguments.first else { throw UsageError(message: "roost: backup wants a file to write") }
    let store = try openStore()
    let blobs = try DiskBlobs(folder: mediaFolder)
    let media = path + ".media"
    // Before, so that nothing that the copy of the database names is deleted meanwhile; after, so that nothing newer is missing.
    let before = try blobs.copy(to: media)
    try store.backup(to: path)
    let after = try blobs.copy(to: media)
    store.close()
    print("backed up to \(path), \(before + after) new files to \(media)")
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
