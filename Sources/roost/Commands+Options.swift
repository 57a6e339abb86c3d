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
    options.keyFile = keyFile
    options.backupFolder = environment("ROOST_BACKUPS") ?? dataFolder + "/backups"
    options.country = try country()
    if let bytes = try megabytes("ROOST_FILE_LIMIT") { options.mediaLimits.file = bytes }
    if let bytes = try megabytes("ROOST_MEDIA_LIMIT") { options.mediaLimits.total = bytes }
    if let rate = environment("ROOST_API_RATE") {
      guard let number = Int(rate), 1...10_000_000 ~= number else {
        throw UsageError(message: "roost: ROOST_API_RATE must be a number from 1 to 10000000")
      }
      options.apiRate = number
    }
    return options
  }

  /// The default country of phone numbers; `nil` if not configured.
  static func country() throws -> String? {
    guard let country = environment("ROOST_COUNTRY") else { return nil }
    guard PhoneNumber.knows(country: country) else { throw UsageError(message: "roost: ROOST_COUNTRY must be a country code like GR") }
    return country
  }

  /// A number of megabytes from the environment, as bytes; `nil` if not set.
  static func megabytes(_ name: String) throws -> Int? {
    guard let text = environment(name) else { return nil }
    guard let number = Int(text), 1...10_000_000 ~= number else {
      throw UsageError(message: "roost: \(name) must be a number of megabytes")
    }
    return number * 1_000_000
  }

  static var mediaFolder: String { dataFolder + "/media" }

  static var keyFile: String { dataFolder + "/secret.key" }

  static var dataFolder: String { environment("ROOST_DATA") ?? "./data" }

  /// How long a command waits for the write lock, in seconds: longer than a person in front of a page.
  private static let writeTimeout = 60.0

  /// Opens the database and brings it up to date. Created only if `making`: a command that only reads has nothing to
  /// read otherwise. A server claims it: a second one is refused.
  static func openStore(asServer: Bool = false, making: Bool = true) throws -> Store {
    let database = environment("ROOST_DATABASE") ?? "sqlite:" + dataFolder + "/roost.sqlite"
    guard database.hasPrefix("sqlite:") else { throw UsageError(message: "roost: ROOST_DATABASE must start with sqlite:") }
    let path = String(database.dropFirst(7))
    let file = DatabaseFile(path)
    // A server's claim allows commands; an import that loads everything at once locks the file.
    if !file.hasLog, let holder = file.holder { throw Finding("\(path) is in use by \(holder). Try again when it has finished.") }
    try refuse(file, making: making)
    if making { mkdir(dataFolder, 0o700) }
    let store = try asServer ? Store(path: path, keepsReserve: true) : Store(path: path, writeTimeout: writeTimeout)
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

  /// The file isn't a database, or isn't Roost's.
  private static func refuse(_ file: DatabaseFile, making: Bool) throws {
    switch file.kind {
    case .database:
      if !file.hasLog, try file.lacks(table: "migrations") { throw foreign(file.path) }
    case .other: throw Finding("\(file.path) is not a readable database; restore a backup, or set ROOST_DATA to another folder")
    case .missing:
      if !making { throw Finding("no database at \(file.path); set ROOST_DATA to its folder") }
    case .empty:
      // Left by a program that was killed while creating it, or the remains of a database.
      guard making, try DiskBlobs(folder: mediaFolder, making: false).all().isEmpty else {
        throw Finding("\(file.path) is empty (0 bytes); restore a backup")
      }
    }
  }

  private static func foreign(_ path: String) -> Finding {
    Finding("\(path) belongs to another program; set ROOST_DATA to Roost’s data folder")
  }

  /// Keeps other servers, and imports that need exclusive access, away for the lifetime of the lock.
  static func claim(_ lock: LockFile, for what: String) throws {
    do {
      try lock.claim(as: "roost serve")
    } catch {
      throw Finding("\(what) is \(error.message). Stop that program first, or set ROOST_DATA to another folder.")
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
        guard let value = rest.popFirst() else { throw UsageError(message: "roost: \(argument) needs a value") }
        found[name] = value
      } else {
        throw UsageError(message: "roost: unknown option or argument “\(argument)”")
      }
    }
    return found
  }
}
