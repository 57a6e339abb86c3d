package import Base
import Crypto
import HTTPClient
import PhoneNumbers
package import Store
import Synchronization
package import Templating
import Web

/// What pages work with: the database, files, templates, languages, clock and log. One of each for the whole program.
package final class Services: Sendable {
  package let composition: Composition
  package let store: Store
  package let media: MediaLibrary
  let backups: BackupFolder
  let keyFile: String
  package let settings: SettingsCache
  let live: LiveHub
  let templates: Templates
  let rowTemplates: RowTemplates
  let menus = Memo<PageLayout.MenuKey, Value>(atMost: 500)
  package let languages: Languages
  let assets: Assets
  let passwords: PasswordHasher
  let signInThrottle: Throttle
  /// How often pages may be used that need no sign-in.
  package let openPages: OpenPages
  /// What secrets in the database are sealed with (`SecretBox`).
  package let key: [UInt8]
  /// Sends to another server.
  let post: @Sendable ([UInt8], _ url: String, _ headers: [String], _ allowsPrivate: Bool) throws(HTTPClient.Failure) -> HTTPClient.Reply
  /// How often each API token may be used.
  let apiRate: RateLimit
  package let log: Log
  let clock: Clock
  let proxies: ClientAddress
  let forwarding = ForwardingWatch()
  private let jobs = Mutex<JobRunner?>(nil)

  /// The address of the icons.
  var sprite: String { assets.url("icons.svg") }

  package init(_ composition: Composition, store: Store, files: PageFiles, options: Application.Options) throws {
    self.composition = composition
    self.store = store
    media = try MediaLibrary(folder: options.mediaFolder, store: store, inspector: options.inspector, limits: options.mediaLimits)
    let usualCountry = try store.read { db in try Composition.phoneCountry(options.country, in: db, asChosen: false) }
    settings = SettingsCache(composition.settings) { settings in
      let country = settings[.defaultCountry].text
      PhoneCountry.choose(country.isEmpty ? usualCountry : country)
    }
    backups = BackupFolder(options.backupFolder)
    keyFile = options.keyFile
    live = try LiveHub(store: store, records: composition.records, settings: settings, clock: options.clock)
    languages = files.languages
    assets = files.assets
    templates = files.templates
    rowTemplates = RowTemplates(keeps: !options.development)
    passwords = PasswordHasher(cost: options.passwordCost)
    signInThrottle = Throttle(clock: options.clock, rules: SignInLimits.rules)
    openPages = OpenPages(clock: options.clock)
    key = try KeyFile.key(at: options.keyFile)
    post = options.post
    apiRate = RateLimit(options.apiRate, clock: options.clock)
    log = options.log
    clock = options.clock
    proxies = options.proxies
  }

  /// Before the first request: completes what the last shutdown left unfinished, and reads the database into memory in the background.
  package func start() throws {
    try media.recover()
    for problem in store.damagedLogs { log("damaged log", ["problem": problem]) }
    store.readAhead()
    let runner = JobRunner(self)
    jobs.withLock { $0 = runner }
    runner.start()
  }

  /// After the last request. Running jobs have a moment to come to the end of a step.
  package func stop() {
    jobs.withLock { $0.take() }?.stop(within: 5)
    store.close()
  }

  /// Does all jobs that are due, and returns how many those were: for a program without a server.
  @discardableResult
  package func performDueJobs() throws -> Int { try JobWorker(services: self).performDue() }
}
