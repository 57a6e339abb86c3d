import Blobs
import Admin
import CRM
import Store
import Templating

extension Commands {
  static func checkTemplates() throws {
    _ = try Services.templates(crm, applicationOptions(), assets: nil)
    print("all templates are valid")
  }

  static func routes(_ arguments: [String]) throws {
    let options = try parse(arguments, valued: [], flags: ["grants"])
    for route in options["grants"] == nil ? crm.routeTable : crm.grantTable { print(route) }
  }

  static func schema(_ arguments: [String]) throws {
    guard let type = arguments.first, arguments.count <= 2 else {
      throw UsageError(message: "roost: schema needs the name of a record type")
    }
    print(try crm.schema(of: type, field: arguments.count > 1 ? arguments[1] : nil))
  }

  static func backup(_ arguments: [String]) throws {
    guard let path = arguments.first, !path.isEmpty, !path.hasPrefix("--") else {
      throw UsageError(message: "roost: backup needs a file name")
    }
    let isQuick = try parse(Array(arguments.dropFirst()), valued: [], flags: ["quick"])["quick"] != nil
    let store = try openStore(making: false)
    defer { store.close() }
    let blobs = try DiskBlobs(folder: mediaFolder, making: false)
    let media = path + ".media"
    var copies: [DiskBlobs.Copying] = []
    var problems: [String] = []
    // Refused before hours of copying, not after.
    try Store.refuseBackup(to: path)
    // Before, so that nothing that the database copy refers to is deleted during the backup; after, so that nothing
    // newer is missing.
    copies.append(try blobs.copy(to: media, verifying: !isQuick))
    try store.backup(to: path) { copy in
      copies.append(try blobs.copy(to: media))
      let copied = try DiskBlobs(folder: media)
      // Their contents have been read while they were copied or compared.
      problems = try crm.problems(ofCopy: copy, media: copied, verifying: false)
      try crm.removeUnnamed(by: copy, from: copied)
    }
    let count = copies.reduce(0) { $0 + $1.new }
    print("backed up to \(path), \(count) new \(count == 1 ? "file" : "files") to \(media)")
    // The backup is as good as the original, and better than none.
    guard problems.isEmpty else {
      throw Findings(["the backup is complete, but problems were found in the live data: run roost check"] + problems)
    }
  }

  static func check(_ arguments: [String]) throws {
    let options = try parse(arguments, valued: [], flags: ["repair", "quick"])
    let store = try openStore(making: false)
    defer { store.close() }
    let progress = ProgressLine()
    if options["repair"] != nil { try crm.repair(store) { progress.show("repairing \($0)") } }
    var checkOptions = Composition.CheckOptions()
    checkOptions.isQuick = options["quick"] != nil
    checkOptions.progress = {
      progress.show("\($0.done) of \($0.all) parts checked\($0.parts.isEmpty ? "" : "; now \($0.parts.joined(separator: ", "))")")
    }
    let problems = try crm.check(store, mediaFolder: mediaFolder, options: checkOptions)
    progress.end()
    guard problems.isEmpty else { throw Findings(problems) }
    print("no problems found")
  }
}
