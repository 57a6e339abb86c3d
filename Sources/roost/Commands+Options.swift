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

  static func openStore() throws -> Store {
    let database = environment("ROOST_DATABASE") ?? "sqlite:" + dataFolder + "/roost.sqlite"
    guard database.hasPrefix("sqlite:") else { throw UsageError(message: "roost: ROOST_DATABASE begins with sqlite:") }
    mkdir(dataFolder, 0o700)
    let store = try Store(path: String(database.dropFirst(7)))
    try store.migrate(Application.migrations)
    return store
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
