import CRM
import Glibc
import Store

extension Commands {
  static func applicationOptions() throws -> Application.Options {
    var options = Application.Options(resources: environment("ROOST_RESOURCES") ?? ".")
    options.mediaFolder = mediaFolder
    if let bytes = try megabytes("ROOST_FILE_LIMIT") { options.mediaLimits.file = bytes }
    if let bytes = try megabytes("ROOST_MEDIA_LIMIT") { options.mediaLimits.total = bytes }
    return options
  }

  /// A number of megabytes in the environment, as bytes; `nil` where nothing is said.
  static func megabytes(_ name: String) throws -> Int? {
    guard let text = environment(name) else { return nil }
    guard let number = Int(text), 1...10_000_000 ~= number else { throw UsageError(message: "roost: \(name) is a number of megabytes") }
    return number * 1_000_000
  }

  static var mediaFolder: String { dataFolder + "/media" }

  static var dataFolder: String { environment("ROOST_DATA") ?? "./data" }

  /// How long a command waits for its turn to write, in seconds: longer than a person in front of a page.
  private static let patience = 60.0

  /// Opens the database, brings it up to date and makes it if there is none. A server has it to itself: a second one is refused.
  static func openStore(asServer: Bool = false) throws -> Store {
    let database = environment("ROOST_DATABASE") ?? "sqlite:" + dataFolder + "/roost.sqlite"
    guard database.hasPrefix("sqlite:") else { throw UsageError(message: "roost: ROOST_DATABASE begins with sqlite:") }
    mkdir(dataFolder, 0o700)
    let path = String(database.dropFirst(7))
    guard asServer else {
      let store = try Store(path: path, writeTimeout: patience)
      try store.migrate(Application.migrations)
      return store
    }
    let store = try Store(path: path, keepsReserve: true)
    try claim(store.lockFile, for: path)
    try store.migrate(Application.migrations)
    return store
  }

  /// Keeps other servers, and imports that want the database to themselves, away for as long as the lock lives.
  static func claim(_ lock: LockFile, for what: String) throws {
    do {
      try lock.claim(as: "roost serve")
    } catch {
      throw Finding("\(what) is \(error.message). Stop that program first, or name another folder in ROOST_DATA.")
    }
  }

  static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// `--name value` and `--flag`, in any order.
  static func parse(_ arguments: [String], valued: Set<String>, flags: Set<String>) throws -> [String: String] {
    var found: [String: String] = [:]
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      let name = String(argument.drop { $0 == "-" })
      if argument.hasPrefix("--"), flags.contains(name) {
        found[name] = ""
      } else if argument.hasPrefix("--"), valued.contains(name) {
        guard let value = rest.popFirst() else { throw UsageError(message: "roost: \(argument) wants a value") }
        found[name] = value
      } else {
        throw UsageError(message: "roost: “\(argument)” means nothing here")
      }
    }
    return found
  }
}
