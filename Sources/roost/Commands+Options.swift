import Blobs
import Admin
import CRM
import Glibc
import PhoneNumbers
import Store

extension Commands {
  static func applicationOptions() throws -> Application.Options {
    var options = Application.Options(resources: environment("ROOST_RESOURCES") ?? ".")
    options.mediaFolder = mediaFolder
    options.country = try country()
    if let bytes = try megabytes("ROOST_FILE_LIMIT") { options.mediaLimits.file = bytes }
    if let bytes = try megabytes("ROOST_MEDIA_LIMIT") { options.mediaLimits.total = bytes }
    return options
  }

  /// The country of phone numbers that don't say theirs; `nil` where nobody has named one.
  static func country() throws -> String? {
    guard let country = environment("ROOST_COUNTRY") else { return nil }
    guard PhoneNumber.knows(country: country) else { throw UsageError(message: "roost: ROOST_COUNTRY is the code of a country, like GR") }
    return country
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

  /// Opens the database and brings it up to date. Where there is none it is made if `making`: what only looks at an office has nothing to look at
  /// then. A server has it to itself: a second one is refused.
  static func openStore(asServer: Bool = false, making: Bool = true) throws -> Store {
    let database = environment("ROOST_DATABASE") ?? "sqlite:" + dataFolder + "/roost.sqlite"
    guard database.hasPrefix("sqlite:") else { throw UsageError(message: "roost: ROOST_DATABASE begins with sqlite:") }
    let path = String(database.dropFirst(7))
    let file = DatabaseFile(path)
    // A server's claim leaves room for commands; an import that loads everything at once has the file locked.
    if !file.hasLog, let holder = file.holder { throw Finding("\(path) is in use by \(holder). Try again when it has finished.") }
    try refuse(file, making: making)
    if making { mkdir(dataFolder, 0o700) }
    let store = try asServer ? Store(path: path, keepsReserve: true) : Store(path: path, writeTimeout: patience)
    guard try store.read({ db in try db.value("SELECT count(*) = 0 OR sum(name = 'migrations') FROM sqlite_schema") }) == 1 else {
      throw foreign(path)
    }
    if asServer {
      try claim(store.lockFile, for: path)
      try store.removeLeftovers()
    }
    let upgrade = UpgradeLine()
    defer { upgrade.end() }
    try Composition.choosePhoneCountry(try country(), for: store)
    try store.migrate(crm.migrations, reworks: crm.reworks) { upgrade.show($0) }
    return store
  }

  /// What should be a database and is none, or somebody else's.
  private static func refuse(_ file: DatabaseFile, making: Bool) throws {
    switch file.kind {
    case .database:
      if !file.hasLog, try file.lacks(table: "migrations") { throw foreign(file.path) }
    case .other: throw Finding("\(file.path) is not a database that can be read; restore a backup, or set ROOST_DATA to another folder")
    case .missing:
      if !making { throw Finding("there is no database \(file.path); set ROOST_DATA to the folder that has it") }
    case .empty:
      // Left by a program that ended in the moment of making it, or what is left of an office.
      guard making, try DiskBlobs(folder: mediaFolder, making: false).all().isEmpty else {
        throw Finding("\(file.path) is empty (0 bytes); restore a backup")
      }
    }
  }

  private static func foreign(_ path: String) -> Finding {
    Finding("\(path) is the database of another program; set ROOST_DATA to the folder of this one")
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
