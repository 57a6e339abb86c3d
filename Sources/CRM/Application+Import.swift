package import Base
package import Store
package import Templating

extension Importer {
  /// Everything that features take from files: records of every type, and what else they name.
  private static let targets = features.flatMap { $0.records.map(RecordImport.target) + $0.imports }

  /// What can be imported.
  package static let kinds = targets.map { Kind(rawValue: $0.name) }

  /// An importer of the product. Headings may be labels in the languages that are given.
  package init(store: Store, clock: Clock = .system, languages: [Language] = []) {
    self.init(store: store, clock: clock, types: features.flatMap(\.records), targets: Self.targets, languages: languages)
  }
}
