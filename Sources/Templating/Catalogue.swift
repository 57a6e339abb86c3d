/// The subset of a gettext PO file that is needed: contexts are part of the key, fuzzy entries are skipped.
struct Catalogue {
  private(set) var texts: [String: [String]] = [:]
  private(set) var plural = PluralRule.english
  /// What the language is called in itself, from the header.
  private(set) var ownName: String?
  /// The texts that have plural forms.
  private var plurals: Set<String> = []

  init(parsing text: String, file: String) throws {
    var entry = Entry()
    var field = Field.none
    var line = 0
    for raw in Array(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      line += 1
      let content = raw.trimmed
      func fail(_ reason: String) -> CatalogueError { CatalogueError(file: file, line: line, reason: reason) }
      if content.isEmpty || content.first == UInt8(ascii: "#") {
        if field != .none || content.isEmpty {
          try finish(&entry)
          field = .none
        }
        if content.starts(with: "#,".utf8), content.text.contains("fuzzy") { entry.isFuzzy = true }
        continue
      }
      if content.first == UInt8(ascii: "\"") {
        guard field != .none else { throw fail("string without a keyword") }
        entry.append(try Self.quoted(content, fail), to: field)
        continue
      }
      guard let space = content.firstIndex(of: UInt8(ascii: " ")) else { throw fail("expected a keyword and a string") }
      let keyword = content[..<space].text
      if keyword == "msgid" || keyword == "msgctxt", entry.hasTranslation { try finish(&entry) }
      switch keyword {
      case "msgctxt": field = .context
      case "msgid": field = .id
      case "msgid_plural": field = .plural
      case "msgstr": field = .text(0)
      case _ where keyword.hasPrefix("msgstr[") && keyword.hasSuffix("]"):
        guard let n = Int(keyword.dropFirst(7).dropLast()), (0..<10).contains(n) else { throw fail("invalid plural index") }
        field = .text(n)
      default: throw fail("unknown keyword “\(keyword)”")
      }
      entry.append(try Self.quoted(content[space...].trimmed, fail), to: field)
    }
    try finish(&entry)
    for (id, forms) in texts where plurals.contains(id) && forms.count != plural.count {
      throw CatalogueError(file: file, line: line, reason: "“\(id)” has \(forms.count) forms, and the language \(plural.count)")
    }
  }

  private enum Field: Equatable {
    case none, context, id, plural
    case text(Int)
  }

  private struct Entry {
    var context = ""
    var id: String?
    var isPlural = false
    var texts: [Int: String] = [:]
    var isFuzzy = false

    var hasTranslation: Bool { !texts.isEmpty }

    mutating func append(_ text: String, to field: Field) {
      switch field {
      case .none: break
      case .plural: isPlural = true
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
      for line in (entry.texts[0] ?? "").split(separator: "\n") {
        let parts = line.split(separator: ":", maxSplits: 1).map { Array($0.utf8)[...].trimmed.text }
        switch (parts.first?.lowercased(), parts.last) {
        case ("plural-forms", let rule?): plural = try PluralRule(header: rule)
        case ("x-language-name", let name): ownName = name
        default: break
        }
      }
      return
    }
    let forms = entry.texts.sorted { $0.key < $1.key }.map(\.value)
    guard !entry.isFuzzy, forms.allSatisfy({ !$0.isEmpty }) else { return }
    let key = entry.context.isEmpty ? id : entry.context + "\u{4}" + id
    texts[key] = forms
    if entry.isPlural { plurals.insert(key) }
  }

  private static func quoted(_ text: ArraySlice<UInt8>, _ fail: (String) -> CatalogueError) throws -> String {
    let (quote, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
    guard text.count >= 2, text.first == quote, text.last == quote else { throw fail("expected a quoted string") }
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var rest = text.dropFirst().dropLast()
    while let byte = rest.popFirst() {
      if byte == quote { throw fail("unescaped quote in a string: write \\\"") }
      guard byte == backslash else {
        out.append(byte)
        continue
      }
      switch rest.first {
      case UInt8(ascii: "n"): out.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "t"): out.append(UInt8(ascii: "\t"))
      case quote, backslash: out.append(rest[rest.startIndex])
      case nil: throw fail("unterminated escape")
      default: throw fail("unknown escape “\\\(rest.text.prefix(1))”")
      }
      rest.removeFirst()
    }
    return out.text
  }
}

/// An error in a PO file, with its position.
package struct CatalogueError: Error, CustomStringConvertible {
  let file: String
  let line: Int
  let reason: String

  package var description: String { "\(file):\(line): \(reason)" }
}
