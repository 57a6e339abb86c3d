import Base
import Admin
import CRM
import Glibc
import Store
import Templating

extension Commands {
  static func addUser(_ arguments: [String]) throws {
    guard let email = arguments.first, !email.hasPrefix("--") else { throw UsageError(message: "roost: user add needs an e-mail address") }
    let options = try parse(Array(arguments.dropFirst()), valued: ["role", "name"], flags: ["password-stdin"])
    guard let role = options["role"].flatMap({ Role(rawValue: $0) }) else {
      throw UsageError(message: "roost: --role must be one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard options["password-stdin"] != nil, let password = readLine(strippingNewline: true) else {
      throw UsageError(message: "roost: pass the password on standard input, with --password-stdin")
    }
    let store = try openStore()
    let draft = UserDraft(email: email, name: options["name"] ?? String(email.prefix { $0 != "@" }), roles: [role])
    try NewUser.add(draft, password: password, to: store, now: Clock.system.now())
    store.close()
    print("\(email) can sign in as \(role.rawValue)")
  }

  static func demo(_ arguments: [String]) throws {
    let options = try parse(arguments, valued: ["contacts", "seed"], flags: [])
    guard let contacts = Int(options["contacts"] ?? "200"), contacts > 0, let seed = UInt64(options["seed"] ?? "42") else {
      throw UsageError(message: "roost: --contacts and --seed must be numbers")
    }
    let store = try openStore()
    try DemoOffice(contacts: contacts, seed: seed).load(
      into: store, media: MediaLibrary(folder: mediaFolder, store: store, inspector: DirectInspector()), by: nil, named: "Roost",
      now: Clock.system.now())
    store.close()
    print("Demo data added: \(contacts) contacts")
  }

  static func importFile(_ arguments: [String]) throws {
    if arguments.first == "--undo" { return try undo(Array(arguments.dropFirst())) }
    guard arguments.count >= 2, crm.importNames.contains(arguments[0]) else {
      throw UsageError(message: "roost: import needs one of \(crm.importNames.joined(separator: ", ")), and a file")
    }
    let typed = try parse(Array(arguments.dropFirst(2)), valued: ["encoding"], flags: ["overwrite"])
    var options = Importer.Options()
    options.overwrites = typed["overwrite"] != nil
    if let name = typed["encoding"] {
      guard let encoding = TextEncoding(named: name) else {
        throw UsageError(message: "roost: --encoding must be one of \(TextEncoding.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      options.encoding = encoding
    }
    let store = try openStore()
    let showsProgress = isatty(2) == 1
    let languages = try? Languages(folder: applicationOptions().resources + "/Templates/languages")
    let outcome = try Importer(crm, store: store, languages: languages?.available ?? []).run(
      arguments[0], path: arguments[1], options: options,
      skipped: { complain("line \($0.line): \($0.reason)\n") },
      progress: { if showsProgress { complain("\r\($0.written) written, \($0.skipped) skipped") } })
    store.close()
    if showsProgress { complain("\n") }
    if !outcome.unusedColumns.isEmpty { print("columns ignored: \(outcome.unusedColumns.joined(separator: ", "))") }
    outcome.remarks.forEach { print($0) }
    print("\(outcome.written) \(arguments[0]) written, \(outcome.skipped) skipped")
    if let batch = outcome.batch {
      print("\(outcome.created) new, \(outcome.changed) changed. To undo this import: roost import --undo \(batch)")
    }
    if outcome.written == 0, outcome.skipped > 0 { throw Finding("no rows of \(arguments[1]) were imported") }
  }

  private static func undo(_ arguments: [String]) throws {
    guard arguments.count == 1, let batch = Int(arguments[0]) else {
      throw UsageError(message: "roost: --undo needs the number of an import")
    }
    let store = try openStore(making: false)
    let line = ProgressLine()
    let outcome = try Importer(crm, store: store).undo(
      batch, report: { complain($0 + "\n") },
      progress: { line.show("\($0.deleted + $0.trashed + $0.putBack) undone, \($0.left) left") })
    line.end()
    store.close()
    print(
      "\(outcome.deleted) deleted, \(outcome.trashed) moved to trash, \(outcome.putBack) restored, \(outcome.left) left unchanged")
  }

  static func complain(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
