import Base
import Admin
import CRM
import Glibc
import Store
import Web
import WebServer

extension Commands {
  static func serve(_ arguments: [String]) throws {
    let options = try parse(arguments, valued: ["listen"], flags: [])
    let text = options["listen"] ?? environment("ROOST_LISTEN") ?? "127.0.0.1:8080"
    guard let listen = ListenAddress(text) else {
      throw UsageError(message: "roost: “\(text)” is not an address with a port, like 127.0.0.1:8080")
    }
    mkdir(dataFolder, 0o700)
    let folderLock = try LockFile(path: dataFolder + "/serve.lock")
    try claim(folderLock, for: "the data folder \(dataFolder)")
    let store = try openStore(asServer: true)
    var applicationOptions = try applicationOptions()
    let proxies = (environment("ROOST_TRUSTED_PROXIES") ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }
    do {
      applicationOptions.proxies = try ClientAddress(trustedProxies: proxies)
    } catch {
      throw UsageError(message: "roost: ROOST_TRUSTED_PROXIES: \(error)")
    }
    applicationOptions.inspector = ChildInspector()
    let application = try Application(crm, store: store, options: applicationOptions)
    var serverOptions = ServerOptions(listen: listen)
    serverOptions.uploadFolder = mediaFolder + "/incoming"
    allowManyFiles()
    let server = Server(options: serverOptions, responder: application.pipeline) { Log.standardError("server", ["problem": $0]) }
    try application.services.start()
    try server.start()
    let address = "http://\(listen.host.contains(":") ? "[\(listen.host)]" : listen.host):\(server.port)"
    print("Roost serves \(address)")
    if let key = try Setup.issueKey(in: store, now: Clock.system.now()) {
      print("Create the owner's account here (one-time link): \(address)/setup?key=\(key)")
    }
    fflush(nil)
    TerminationSignal.wait()
    server.stop(within: 10)
    application.services.stop()
    withExtendedLifetime(folderLock) {}
  }

  /// Each open page is a connection, and the default limit of 1,024 files is meant for a shell.
  private static func allowManyFiles() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, 16_384)
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
