import Base
import Store
import Web

/// The names of a record that is erased, the present one and those from before, and how they are removed from what the log says of references.
struct ErasedNames: Sendable {
  let record: RecordID
  /// Longest first: of two that begin alike, the longer one is meant where it is there.
  let all: [String]
  /// Names of other records in which one of these is followed by a bracket or has a comma beside it, so that it could be taken for a name of its own.
  /// Longest first too.
  private let others: [String]

  init(of record: RecordHeader, _ records: RecordTypes, in db: Database) throws {
    self.record = record.id
    var names: Set = [record.name]
    let nameField = record.type.nameField?.name
    try db.each("SELECT record_name, changes FROM activity WHERE record_type = \(record.type.name) AND record_id = \(record.id)") { row in
      names.insert(row.text(0))
      for change in Change.list(row.text(1)) where change.field == nameField { names.formUnion([change.before, change.after]) }
    }
    names.remove("")
    let named = try records.all.flatMap { type in
      try db.all("SELECT name FROM \(raw: type.table) WHERE id <> \(record.id) AND \(Self.couldMean(names, "name"))") { $0.text(0) }
    }
    // Those that have been renamed or deleted since are in the log.
    let logged = try db.all(
      "SELECT DISTINCT record_name FROM activity WHERE record_id <> \(record.id) AND \(Self.couldMean(names, "record_name"))"
    ) { $0.text(0) }
    // A name that the record had once and another has now is more likely the other’s.
    all = names.filter { $0 == record.name || !named.contains($0) }.sorted { $0.count > $1.count }
    others = Set(named + logged).subtracting(all).sorted { $0.count > $1.count }
  }

  /// References without these names: each is a line, or one of several with commas between them, with the id before it or more in brackets behind.
  func removed(from text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { removed(fromLine: $0) }.joined(separator: "\n")
  }

  /// What a form says, input by input. Where the next input has the id, the id alone decides whose name it is.
  func removed(from fields: [FormFields.Field], inputs: Set<String>) -> [FormFields.Field] {
    fields.enumerated().map { index, field in
      guard inputs.contains(field.name) else { return field }
      if index + 1 < fields.count, fields[index + 1].name == field.name + "_id", let id = id(before: fields[index + 1].value[...]) {
        return id == record && !field.value.isEmpty ? FormFields.Field(field.name, Erasure.nobody) : field
      }
      return FormFields.Field(field.name, removed(from: field.value))
    }
  }

  private func id(before text: Substring) -> RecordID? { RecordID(String(text.prefix { $0 != " " })) }

  private func removed(fromLine line: Substring) -> String {
    if let id = id(before: line) { return id == record && line.contains(" ") ? id.text + " " + Erasure.nobody : String(line) }
    var (result, rest) = ("", line)
    // A name may have commas of its own, so the line is not split at them: at the beginning of each item the longest name that fits is meant.
    while true {
      let name = all.first { ending(of: $0, in: rest) != nil }
      if let other = others.first(where: { isItem($0, in: rest) }), other.count > name?.count ?? 0 {
        result += other
        rest = rest.dropFirst(other.count)
      } else if let name, let end = ending(of: name, in: rest) {
        result += Erasure.nobody
        rest = end
      }
      guard let comma = rest.firstRange(of: ", ") else { return result + rest }
      result += rest[..<comma.upperBound]
      rest = rest[comma.upperBound...]
    }
  }

  private func isItem(_ name: String, in text: Substring) -> Bool {
    guard text.hasPrefix(name) else { return false }
    let tail = text.dropFirst(name.count)
    return tail.isEmpty || tail.hasPrefix(", ") || tail.hasPrefix(" (")
  }

  /// What comes after an item of this name. A bracket behind it belongs to it. With two of them the name itself ends with the first, and is another’s.
  private func ending(of name: String, in text: Substring) -> Substring? {
    guard isItem(name, in: text) else { return nil }
    let tail = text.dropFirst(name.count)
    guard tail.hasPrefix(" (") else { return tail }
    var depth = 0
    for index in tail.indices {
      if tail[index] == "(" { depth += 1 }
      guard tail[index] == ")" else { continue }
      depth -= 1
      guard depth == 0 else { continue }
      let end = tail[tail.index(after: index)...]
      if end.isEmpty || end.hasPrefix(", ") { return end }
      return end.hasPrefix(" (") ? nil : end.suffix(0)
    }
    return tail.suffix(0)
  }
}
