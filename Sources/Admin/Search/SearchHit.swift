import Base
import Store
import Templating

/// A record that the search box shows.
struct SearchHit {
  let record: RecordHeader
  let quality: MatchQuality
  /// The line of the record or the part of a note that has the words, where neither its name nor what is under it does.
  var passage: String?

  /// What tells it from its namesakes.
  var detail: String { [record.line, record.parent?.name ?? ""].filter { !$0.isEmpty }.joined(separator: " · ") }

  /// The records of a type that fit what was typed, the best first.
  static func find(
    _ q: String, of type: RecordType, limit: Int, forgivingTypingErrors: Bool, for context: RequestContext, in db: Database
  ) throws -> [SearchHit] {
    let scope = try context.scope(of: type.resource)
    let search = RecordSearch(
      q: q, list: type.list, scope: scope, reach: try context.reach, reading: SQL(raw: type.headColumns), limit: limit,
      forgivesTypingErrors: forgivingTypingErrors)
    // Whose address or number it is comes first.
    let reached = try search.reached(in: db) { SearchHit(record: RecordStore.header($0, of: type), quality: .exact) }
    let others = try search.find(in: db) { RecordStore.header($0, of: type) }.filter { found in
      !reached.contains { $0.record.id == found.item.id }
    }
    let hits = reached + others.map { SearchHit(record: $0.item, quality: $0.quality) }
    let words = SearchedWords(q)
    return try hits.prefix(limit).map { found in
      var hit = SearchHit(record: try found.record.within(context.reach, in: db), quality: found.quality)
      guard hit.quality == .exact || hit.quality == .other, let record = try RecordStore.find(hit.record.id, of: type, scope, in: db) else {
        return hit
      }
      hit.passage = words.passage(of: record, besides: "\(hit.record.name) \(hit.detail)", context.formats)
      return hit
    }
  }
}

/// The words of a search, to be found again in what it has found.
private struct SearchedWords {
  private let words: [SearchWords.Asked]
  private let numbers: [String]

  init(_ q: String) {
    words = SearchWords.asked(q)
    numbers = PhoneWords.asked(q)
  }

  /// So much of a record's notes is looked through, in characters.
  private static let mostOfNotes = 8_000

  /// Where the words are that a text doesn't have: all of them, or else any.
  func passage(of record: Record, besides shown: String, _ formats: Formats) -> String? {
    let shown = SearchWords.named(shown)
    let missing = words.filter { !isThere($0, in: shown) }
    if missing.isEmpty { return nil }
    var texts: [(label: String?, text: String)] = []
    for (field, value) in zip(record.type.fields, record.values) where field.isSearched {
      let addresses = field.kind.addresses(value)
      if addresses.isEmpty {
        let lines = field.kind.display(field.kind.history(value), formats).split(separator: "\n")
        texts += lines.map { (formats.language.text(field.label), String($0)) }
      } else {
        texts += addresses.map { (nil, $0) }
      }
    }
    let notes = String(record.notes.map(\.text).joined(separator: "\n").prefix(Self.mostOfNotes)).split(separator: "\n").map(String.init)
    for isEnough in [{ $0 == missing.count }, { $0 > 0 }] as [(Int) -> Bool] {
      if let (label, text) = texts.first(where: { isEnough(count(of: missing, in: $0.text)) }) {
        return label.map { "\($0): \(text)" } ?? text
      }
      if let note = notes.first(where: { isEnough(count(of: missing, in: $0)) }) { return excerpt(missing, of: note) }
    }
    return nil
  }

  /// How many of the words a text has; all of them if it is the number that was asked for.
  private func count(of missing: [SearchWords.Asked], in text: String) -> Int {
    let indexed = SearchWords.indexed(text)
    let found = missing.count { isThere($0, in: indexed) }
    guard !numbers.isEmpty, TextFolding.digits(text).utf8.count > 2 else { return found }
    let number = PhoneWords.indexed(String(text.drop { !"+0123456789(".contains($0) }))
    return numbers.contains { asked in number.contains { $0.utf8.starts(with: asked.utf8) } } ? missing.count : found
  }

  private func isThere(_ asked: SearchWords.Asked, in indexed: [String]) -> Bool {
    asked.isThere { word in
      let sound = SearchWords.sound(of: word)
      return indexed.contains { term in term.utf8.starts(with: word.utf8) || sound.map { term.utf8.starts(with: $0.utf8) } == true }
    }
  }

  /// How many words of a note are shown before the one that was found, and from it on.
  private static let (before, after) = (4, 10)

  /// A few words around the first that was looked for.
  private func excerpt(_ missing: [SearchWords.Asked], of note: String) -> String? {
    let words = note.split(whereSeparator: \.isWhitespace)
    guard let place = words.firstIndex(where: { count(of: missing, in: String($0)) > 0 }) else { return nil }
    let part = words[max(0, place - Self.before)..<min(words.count, place + Self.after)]
    return (part.startIndex > 0 ? "… " : "") + part.joined(separator: " ") + (part.endIndex < words.count ? " …" : "")
  }
}
