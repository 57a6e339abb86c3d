import Store
import Web

/// What a record held when a form was made of it, and who has changed what since.
struct RecordBase: Sendable {
  /// `nil` where the log doesn't tell, for changes of an older program or a version that never was.
  let values: [FieldValue]?
  /// The latest author of each field that has changed.
  let authors: [String: Actor]

  /// Nobody has changed it since.
  init(_ record: Record) {
    values = record.values
    authors = [:]
  }

  init(of record: Record, at version: Int, in db: Database) throws {
    let type = record.type
    guard version != record.version else {
      values = record.values
      authors = [:]
      return
    }
    guard version < record.version,
      let changes = try Activity.changes(of: type.name, record.id, since: version, upTo: record.version, in: db)
    else {
      values = nil
      authors = [:]
      return
    }
    values = zip(type.fields, record.values).map { field, value in
      guard let form = changes[field.name]?.before else { return value }
      var reader = FormReader(form, known: form)
      return field.kind.read(field.name, from: &reader)
    }
    authors = changes.mapValues(\.by)
  }
}

/// A form's values and those that others have saved since it was made, field by field: what only one side changed is taken from that side.
struct Merge {
  var values: [FieldValue]
  /// The fields that both changed, to what can't both be. They hold what the form says.
  var conflicts: [Field] = []

  init(_ mine: [FieldValue], since base: RecordBase, into stored: Record) {
    values = mine
    for (index, field) in stored.type.fields.enumerated() {
      let (my, theirs) = (mine[index], stored.values[index])
      if field.isReadOnly {
        values[index] = theirs
        continue
      }
      // As forms post them: that is exact, and the same before and after references are looked up.
      func isSame(_ a: FieldValue, _ b: FieldValue) -> Bool {
        a.isSame(as: b) || field.kind.posted(a, field.name, .exact) == field.kind.posted(b, field.name, .exact)
      }
      if isSame(my, theirs) {
        values[index] = theirs
      } else if let base = base.values?[index] {
        if isSame(theirs, base) { continue }
        if isSame(my, base) {
          values[index] = theirs
        } else if let both = field.kind.merged(base, my, theirs) {
          values[index] = both
        } else {
          conflicts.append(field)
        }
      } else {
        conflicts.append(field)
      }
    }
  }
}

/// Lists of which two sides have changed different parts.
package enum ListMerge {
  /// Items of no order, each once: what either side added is there, what either side removed is not.
  package static func items<Item: Hashable>(_ base: [Item], _ mine: [Item], _ theirs: [Item]) -> [Item] {
    let (before, kept, there) = (Set(base), Set(mine), Set(theirs))
    return theirs.filter { kept.contains($0) || !before.contains($0) } + mine.filter { !there.contains($0) && !before.contains($0) }
  }

  /// Rows that are known by a key. `row` puts a row together that both sides changed or added; `nil` where that can't be.
  package static func rows<Row: Equatable, Key: Hashable>(
    _ base: [Row], _ mine: [Row], _ theirs: [Row], by key: (Row) -> Key, row: (_ base: Row?, _ mine: Row, _ theirs: Row) -> Row?
  ) -> [Row]? {
    func keyed(_ rows: [Row]) -> [Key: Row] { Dictionary(rows.map { (key($0), $0) }) { first, _ in first } }
    let (before, my, their) = (keyed(base), keyed(mine), keyed(theirs))
    guard before.count == base.count, my.count == mine.count, their.count == theirs.count else { return nil }
    var merged: [Row] = []
    for theirRow in theirs {
      let (old, myRow) = (before[key(theirRow)], my[key(theirRow)])
      if let myRow {
        if myRow == old || myRow == theirRow {
          merged.append(theirRow)
        } else if theirRow == old {
          merged.append(myRow)
        } else if let both = row(old, myRow, theirRow) {
          merged.append(both)
        } else {
          return nil
        }
      } else if old == nil {
        merged.append(theirRow)
      } else if theirRow != old {
        // Removed here, changed there.
        return nil
      }
    }
    for myRow in mine where their[key(myRow)] == nil {
      guard let old = before[key(myRow)] else {
        merged.append(myRow)
        continue
      }
      if myRow != old { return nil }
    }
    return merged
  }

  /// Rows known by their place. Where one side added or removed some, the other's changes must lie before or behind.
  package static func rows<Row: Equatable>(_ base: [Row], _ mine: [Row], _ theirs: [Row], row: (Row, Row, Row) -> Row?) -> [Row]? {
    if base.count == mine.count, base.count == theirs.count {
      var merged: [Row] = []
      for (old, (myRow, theirRow)) in zip(base, zip(mine, theirs)) {
        guard let both = myRow == old ? theirRow : theirRow == old || myRow == theirRow ? myRow : row(old, myRow, theirRow) else {
          return nil
        }
        merged.append(both)
      }
      return merged
    }
    // What each side replaced: a piece of the base between what it left alone at both ends.
    func change(_ rows: [Row]) -> (range: Range<Int>, by: ArraySlice<Row>) {
      let head = zip(base, rows).prefix { $0 == $1 }.count
      let tail = zip(base.dropFirst(head).reversed(), rows.dropFirst(head).reversed()).prefix { $0 == $1 }.count
      return (head..<base.count - tail, rows[head..<rows.count - tail])
    }
    var (first, second) = (change(theirs), change(mine))
    if second.range.lowerBound < first.range.lowerBound { swap(&first, &second) }
    guard first.range.upperBound <= second.range.lowerBound else { return nil }
    var merged = Array(base[..<first.range.lowerBound])
    merged += first.by
    merged += base[first.range.upperBound..<second.range.lowerBound]
    merged += second.by
    merged += base[second.range.upperBound...]
    return merged
  }

  /// One part of a row; `nil` where both sides changed it.
  package static func part<Part: Equatable>(_ base: Part?, _ mine: Part, _ theirs: Part) -> Part? {
    mine == theirs || mine == base ? theirs : theirs == base ? mine : nil
  }
}
