import Foundation

/// The languages that the product speaks: English, and one for each `*.po` of a folder.
package final class Languages: Sendable {
  package let available: [Language]

  package init(folder: String) throws {
    let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".po") }.sorted()
    available =
      [.english]
      + (try files.map { file in
        let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file)), as: UTF8.self)
        let catalogue = try Catalogue(parsing: text, file: file)
        return Language(tag: String(file.dropLast(3)), texts: catalogue.texts, plural: catalogue.plural)
      })
  }

  /// The language of a tag, or of its first part; English where there is none.
  package func language(_ tag: String) -> Language {
    let lower = tag.lowercased()
    return available.first { $0.tag.lowercased() == lower } ?? available.first { lower.hasPrefix($0.tag.lowercased() + "-") } ?? .english
  }

  /// The best language for an `Accept-Language` header (RFC 9110 §12.5.4).
  package func best(for header: String?) -> Language {
    guard let header else { return .english }
    var best: (language: Language, quality: Double)?
    for part in header.prefix(500).split(separator: ",") {
      let pieces = part.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
      guard let tag = pieces.first?.lowercased(), !tag.isEmpty else { continue }
      let quality = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
      guard quality > 0, quality > best?.quality ?? 0 else { continue }
      if let match = available.first(where: { tag == $0.tag.lowercased() || tag.hasPrefix($0.tag.lowercased() + "-") }) {
        best = (match, quality)
      }
    }
    return best?.language ?? .english
  }
}
