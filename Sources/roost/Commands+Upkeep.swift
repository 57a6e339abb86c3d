import Blobs
import Admin
import CRM
import Crypto
import Glibc
import Store
import Templating

extension Commands {
  static func checkTemplates() throws {
    _ = try PageFiles.templates(crm, applicationOptions(), assets: nil)
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
    let media = path + ".media"
    var options = Composition.BackupOptions()
    options.isQuick = isQuick
    let report = try crm.backup(store, files: DiskBlobs(folder: mediaFolder, making: false), to: path, and: media, options: options)
    try copyKey(to: path + ".key")
    print("backed up to \(path), \(report.newFiles) new \(report.newFiles == 1 ? "file" : "files") to \(media)")
    // The backup is as good as the original, and better than none.
    guard report.problems.isEmpty else {
      throw Findings(["the backup is complete, but problems were found in the live data: run roost check"] + report.problems)
    }
  }

  /// What two-factor authentication needs besides the database.
  private static func copyKey(to path: String) throws {
    let key = try KeyFile.key(at: keyFile)
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    defer { close(descriptor) }
    guard descriptor >= 0, write(descriptor, key, key.count) == key.count, fsync(descriptor) == 0 else {
      throw Finding("\(path): \(String(cString: strerror(errno)))")
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
