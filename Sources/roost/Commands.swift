import Base
import CRM
import Crypto
import Glibc
import Store
import Templating
import Web
import WebServer

/// What `roost` can do.
enum Commands {
  static let usage = """
    Usage: roost COMMAND
      serve [--listen ADDRESS:PORT]                     serve the pages; SIGTERM stops it
      user add EMAIL --role ROLE [--name NAME] --password-stdin
      demo [--contacts N] [--seed N]                    fill an office to look around in
      import contacts|companies|memberships|interactions FILE.csv
                                                        bring records in; a file may be imported again
      templates check                                   check every template
      routes                                            list every address
      backup FILE                                       copy the database while it is in use
      check [--repair]                                  check the database; work out anew what it keeps ready
    Environment: ROOST_DATA (./data), ROOST_LISTEN (127.0.0.1:8080), ROOST_DATABASE (sqlite: in the data folder), ROOST_RESOURCES (.),
      ROOST_TRUSTED_PROXIES (none; addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are believed)
    """

  static func run(_ arguments: [String]) throws {
    if arguments.contains("--help") || arguments.first == "help" {
      print(usage)
      return
    }
    switch arguments.first {
    case "serve": try serve(Array(arguments.dropFirst()))
    case "user" where arguments.dropFirst().first == "add": try addUser(Array(arguments.dropFirst(2)))
    case "demo": try demo(Array(arguments.dropFirst()))
    case "import": try bringIn(Array(arguments.dropFirst()))
    case "templates" where arguments.dropFirst().first == "check": try checkTemplates()
    case "routes": try routes()
    case "backup": try backup(Array(arguments.dropFirst()))
    case "check": try check(Array(arguments.dropFirst()))
    case nil: throw UsageError(message: "roost: say what to do")
    case let other?: throw UsageError(message: "roost: there is no command “\(other)”")
    }
  }

  private static func serve(_ arguments: [String]) throws {
    let options = try parse(arguments, valued: ["listen"], flags: [])
    let text = options["listen"] ?? environment("ROOST_LISTEN") ?? "127.0.0.1:8080"
    guard let listen = ListenAddress(text) else { throw UsageError(message: "roost: “\(text)” is no address with a port to listen on") }
    let store = try openStore()
    var applicationOptions = applicationOptions
    let proxies = (environment("ROOST_TRUSTED_PROXIES") ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }
    do {
      applicationOptions.proxies = try ClientAddress(trustedProxies: proxies)
    } catch {
      throw UsageError(message: "roost: ROOST_TRUSTED_PROXIES: \(error)")
    }
    let application = try Application(store: store, options: applicationOptions)
    var serverOptions = ServerOptions(listen: listen)
    serverOptions.uploadFolder = dataFolder
    let log = Log.standardError
    let server = Server(options: serverOptions, responder: application) { log("server", ["problem": $0]) }
    try server.start()
    let address = "http://\(listen.host.contains(":") ? "[\(listen.host)]" : listen.host):\(server.port)"
    print("Roost serves \(address)")
    if let key = try Setup.issueKey(in: store, now: Clock.system.now()) {
      print("Make the owner's account here, once: \(address)/setup?key=\(key)")
    }
    fflush(nil)
    TerminationSignal.wait()
    server.stop(within: 10)
    store.close()
  }

  private static func addUser(_ arguments: [String]) throws {
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

  private static func demo(_ arguments: [String]) throws {
    let options = try parse(arguments, valued: ["contacts", "seed"], flags: [])
    guard let contacts = Int(options["contacts"] ?? "200"), contacts > 0, let seed = UInt64(options["seed"] ?? "42") else {
      throw UsageError(message: "roost: --contacts and --seed are numbers")
    }
    let store = try openStore()
    try DemoOffice(contacts: contacts, seed: seed).load(into: store, by: nil, named: "Roost", now: Clock.system.now())
    store.close()
    print("The demo office is there: \(contacts) contacts")
  }

  private static func bringIn(_ arguments: [String]) throws {
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

  private static func complain(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }

  private static func checkTemplates() throws {
    _ = try Application.templates(applicationOptions, assets: nil)
    print("all templates are in order")
  }

  private static func routes() throws {
    for route in Application.routeTable { print(route) }
  }

  private static func backup(_ arguments: [String]) throws {
    guard arguments.count == 1, let path = arguments.first else { throw UsageError(message: "roost: backup wants a file to write") }
    let store = try openStore()
    try store.backup(to: path)
    store.close()
    print("backed up to \(path)")
  }

  private static func check(_ arguments: [String]) throws {
    let options = try parse(arguments, valued: [], flags: ["repair"])
    let store = try openStore()
    if options["repair"] != nil { try Application.repair(store) }
    let problems = try Application.check(store)
    store.close()
    guard problems.isEmpty else { throw UsageFailure(problems.joined(separator: "; ")) }
    print("nothing is wrong")
  }

  // MARK: Where things are

  private static var applicationOptions: Application.Options { Application.Options(resources: environment("ROOST_RESOURCES") ?? ".") }

  private static var dataFolder: String { environment("ROOST_DATA") ?? "./data" }

  private static func openStore() throws -> Store {
    let database = environment("ROOST_DATABASE") ?? "sqlite:" + dataFolder + "/roost.sqlite"
    guard database.hasPrefix("sqlite:") else { throw UsageError(message: "roost: ROOST_DATABASE begins with sqlite:") }
    mkdir(dataFolder, 0o700)
    let store = try Store(path: String(database.dropFirst(7)))
    try store.migrate(Application.migrations)
    return store
  }

  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  /// `--name value` and `--flag`, in any order.
  private static func parse(_ arguments: [String], valued: Set<String>, flags: Set<String>) throws -> [String: String] {
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

/// Something that a command found wrong.
struct UsageFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
