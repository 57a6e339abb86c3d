import Foundation

/// The supported languages: English, and one for each `*.po` of a folder.
package final class Languages: Sendable {
  package let available: [Language]
  /// Their tags.
  package let tags: [String]

  package init(folder: String) throws {
    let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".po") }.sorted()
    available =
      [.english]
      + (try files.map { file in
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file)), as: UTF8.self)
        let catalogue = try Catalogue(parsing: text, file: file)
        return Language(tag: String(file.dropLast(3)), ownName: catalogue.ownName, texts: catalogue.texts, plural: catalogue.plural)
      })
    tags = available.map(\.tag)
  }

  /// The language of a tag, or of its primary subtag; English as fallback.
  package func language(_ tag: String) -> Language {
    let lower = tag.lowercased()
    return available.first { $0.tag.lowercased() == lower } ?? available.first { lower.hasPrefix($0.tag.lowercased() + "-") } ?? .english
  }
}
