import Base
@testable import Admin
@testable import CRM
import Foundation
import Store
import Synchronization

/// What apps with the same features share: their composition, the files of their pages, and the databases that they begin with. Reading,
/// migrating and filling those takes longer than most tests.
final class Installation: Sendable {
  /// The folder with templates and assets.
  static let resources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path

  private static let product = Installation([])
  private static let specimens = Installation([.specimens])

  /// Shared by all tests unless the features are a test's own.
  static func of(_ features: [Feature]) -> Installation {
    switch features.map(\.name) {
    case []: product
    case ["specimens"]: specimens
    default: Installation(features)
    }
  }

  let composition: Composition
  let files: Result<PageFiles, any Error>
  /// By the demo office that is in it.
  private let databases = Mutex<[String: [UInt8]]>([:])

  private init(_ features: [Feature]) {
    let composition = features.isEmpty ? crm : Composition(crm.features + features)
    self.composition = composition
    files = Result { try PageFiles(composition, Application.Options(resources: Self.resources)) }
  }

  /// The file of a migrated database, with this office in it.
  func database(with demo: DemoOffice?, named name: String, now: Timestamp) throws -> [UInt8] {
    try databases.withLock { databases in
      let key = demo.map { "\($0) \(name) \(now.milliseconds)" } ?? ""
      if let made = databases[key] { return made }
      let store = try Store.temporary(from: demo == nil ? [] : databases[""] ?? [])
      try Composition.choosePhoneCountry("GR", for: store)
      try store.migrate(composition.migrations, reworks: composition.reworks)
      try demo?.load(into: store, by: nil, named: name, now: now)
      store.close()
      let made = Array(try Data(contentsOf: URL(fileURLWithPath: store.path)))
      databases[key] = made
      return made
    }
  }
}
