import Base
import CRM
import Glibc
import Store

extension Commands {
  static func addUser(_ arguments: [String]) throws {
    guard let email = arguments.first, !email.hasPrefix("--") else { throw UsageError(message: "roost: user add wants an e-mail address") }
    let options = try parse(Array(arguments.dropFirst()), valued: ["role", "name"], flags: ["password-stdin"])
    guard let role = options["role"].flatMap({ Role(rawValue: $0) }) else {
      throw UsageError(message: "roost: --role is one of \(Role.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard options["password-stdin"] != nil, let password = readLine(strippingNewline: true) else {
      throw UsageError(message: "roost: give the password on standard input, with --password-stdin")
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
      throw UsageError(message: "roost: --contacts and --seed are numbers")
    }
    let store = try openStore()
    try DemoOffice(contacts: contacts, seed: seed).load(
      into: store, media: MediaLibrary(folder: mediaFolder, store: store, inspector: DirectInspector()), by: nil, named: "Roost",
      now: Clock.system.now())
    store.close()
    print("The demo office is there: \(contacts) contacts")
  }

  static func importFile(_ arguments: [String]) throws {
    guard arguments.count == 2, let kind = Importer.Kind(rawValue: arguments[0]) else {
      throw UsageError(message: "roost: import wants one of \(Importer.Kind.allCases.map(\.rawValue).joined(separator: ", ")), and a file")
    }
    let store = try openStore()
    let showsProgress = isatty(2) == 1
    let outcome = try Importer(store: store).run(
      kind, path: arguments[1],
      skipped: { complain("line \($0.line): \($0.reason)\n") },
      progress: { if showsProgress { complain("\r\($0.written) written, \($0.skipped) skipped") } })
    store.close()
    if showsProgress { complain("\n") }
    if !outcome.unusedColumns.isEmpty { print("not imported, for want of a place: \(outcome.unusedColumns.joined(separator: ", "))") }
    print("\(outcome.written) \(kind.rawValue) written, \(outcome.skipped) skipped")
  }

  static func complain(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
