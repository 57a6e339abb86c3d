package import Base
package import Crypto
package import HTTPClient
package import Store
package import Web

/// The product at work: what it is made of, what it works with, and the way of a request through both.
package struct Application: Sendable {
  /// Where things are and how this installation runs.
  package struct Options: Sendable {
    /// The folder that holds `Templates` and `Public`.
    package var resources: String
    /// Re-reads templates, translations and assets when their files change.
    package var development = false
    /// Who may say for whom it asks, and whether over TLS.
    package var proxies = ClientAddress.direct
    package var clock = Clock.system
    /// Sends to another server.
    package var post:
      @Sendable ([UInt8], _ url: String, _ headers: [String], _ allowsPrivate: Bool) throws(HTTPClient.Failure) -> HTTPClient.Reply = {
        body, url, headers, allowsPrivate throws(HTTPClient.Failure) in
        try HTTPClient.post(body, to: url, headers: headers, allowsPrivate: allowsPrivate)
      }
    /// Requests to the API in a minute, for each token.
    package var apiRate = 600
    package var log = Log.standardError
    package var passwordCost = PasswordHasher.Cost.standard
    /// The folder of the media library.
    package var mediaFolder = "./data/media"
    /// The file with the key of secrets in the database.
    package var keyFile = "./data/secret.key"
    package var mediaLimits = MediaLibrary.Limits()
    /// The folder of automatic backups.
    package var backupFolder = "./data/backups"
    /// The country of phone numbers that don't say theirs, as an ISO 3166 code; `nil` where nobody has named one.
    package var country: String?
    package var inspector: any FileInspector = DirectInspector()

    package init(resources: String) { self.resources = resources }
  }

  package let composition: Composition
  package let services: Services
  package let pipeline: Pipeline

  /// Brings the database up to date and reads what pages are made from. Throws what is wrong with a template, a route or a translation.
  /// - Parameter files: Shared by several applications of one composition; `nil` reads them from `options.resources`.
  package init(_ composition: Composition, store: Store, options: Options, files: PageFiles? = nil) throws {
    try Composition.choosePhoneCountry(options.country, for: store)
    try store.migrate(composition.migrations, reworks: composition.reworks)
    self.composition = composition
    services = try Services(composition, store: store, files: files ?? PageFiles(composition, options), options: options)
    pipeline = try Pipeline(composition, services)
  }
}
