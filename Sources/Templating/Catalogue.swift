/// A gettext PO file, as far as it is needed: contexts are part of the key, fuzzy entries are left out.
struct Catalogue {
  private(set) var texts: [String: [String]] = [:]
  private(set) var plural = PluralRule.english

  init(parsing text: String, file: String) throws {
    var entry = Entry()
    var field = Field.none
    var line = 0
    for raw in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
      line += 1
      let content = String(raw).trimmed
      func fail(_ reason: String) -> CatalogueError { CatalogueError(file: file, line: line, reason: reason) }
      if content.isEmpty || content.hasPrefix("#") {
        if field != .none || content.isEmpty {
          try finish(&entry)
          field = .none
        }
        if content.hasPrefix("#,"), content.contains("fuzzy") { entry.isFuzzy = true }
        continue
      }
      if content.hasPrefix("\"") {
        guard field != .none else { throw fail("a text that belongs to nothing") }
        entry.append(try Self.quoted(content, fail), to: field)
        continue
      }
      guard let space = content.firstIndex(of: " ") else { throw fail("a keyword and a text are expected") }
      let keyword = content[..<space]
      if keyword == "msgid" || keyword == "msgctxt", entry.hasTranslation { try finish(&entry) }
      switch keyword {
      case "msgctxt": field = .context
      case "msgid": field = .id
      case "msgid_plural": field = .plural
      case "msgstr": field = .text(0)
      case _ where keyword.hasPrefix("msgstr[") && keyword.hasSuffix("]"):
        guard let n = Int(keyword.dropFirst(7).dropLast()), (0..<10).contains(n) else { throw fail("a plural form that isn’t a number") }
        field = .text(n)
      default: throw fail("“\(keyword)” is no keyword")
      }
      entry.append(try Self.quoted(String(content[space...]).trimmed, fail), to: field)
    }
    try finish(&entry)
  }

  private enum Field: Equatable {
    case none, context, id, plural
    case text(Int)
  }

  private struct Entry {
    var context = ""
    var id: String?
    var texts: [Int: String] = [:]
    var isFuzzy = false

    var hasTranslation: Bool { !texts.isEmpty }

    mutating func append(_ text: String, to field: Field) {
      switch field {
      case .none, .plural: break
      case .context: context += text
      case .id: id = (id ?? "") + text
      case .text(let n): texts[n, default: ""] += text
      }
    }
  }

  private mutating func finish(_ entry: inout Entry) throws {
    defer { entry = Entry() }
    guard let id = entry.id, entry.hasTranslation else { return }
    if id.isEmpty {
      let header = entry.texts[0] ?? ""
      if let line = header.split(separator: "\n").first(where: { $0.lowercased().hasPrefix("plural-forms:") }) {
        plural = try PluralRule(header: String(line))
      }
      return
    }
    let forms = entry.texts.sorted { $0.key < $1.key }.map(\.value)
    guard !entry.isFuzzy, forms.allSatisfy({ !$0.isEmpty }) else { return }
    texts[entry.context.isEmpty ? id : entry.context + "\u{4}" + id] = forms
  }

  private static func quoted(_ text: String, _ fail: (String) -> CatalogueError) throws -> String {
    guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { throw fail("a text has to stand in quotes") }
    var out = ""
    var isEscaped = false
    for character in text.dropFirst().dropLast() {
      if isEscaped {
        switch character {
        case "n": out.append("\n")
        case "t": out.append("\t")
        case "\"", "\\": out.append(character)
        default: throw fail("“\\\(character)” is no escape")
        }
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        throw fail("a quote inside a text is written \\\"")
      } else {
        out.append(character)
      }
    }
    if isEscaped { throw fail("a text ends in the middle of an escape") }
    return out
  }
}

/// Where a PO file is wrong.
package struct CatalogueError: Error, CustomStringConvertible {
  let file: String
  let line: Int
  let reason: String

  package var description: String { "\(file):\(line): \(reason)" }
}

extension String {
  fileprivate var trimmed: String {
    var view = self[...]
    while view.first?.isWhitespace == true { view.removeFirst() }
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}
