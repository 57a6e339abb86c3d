import Base
package import Store

/// Records as programs read them: their own facts, then those of their fields that are asked for.
package struct RecordJSON: Sendable {
  let type: RecordType
  /// The fields to show, with their places among the type's own.
  private let shown: [(place: Int, field: Field)]
  /// What a list reads of each row, in the order of `row`.
  let columns: [Column]
  /// Of fields that are kept in other tables.
  private let outside: [Int]

  /// What every record has besides its fields.
  static let head: [JSONShape.Member] = [
    .init("id", .id), .init("version", .integer(1...Int(Int32.max)), note: "Grows with each change; the ETag."),
    .init("trashed", .boolean, note: "Whether it is in the trash."), .init("created_at", .moment), .init("updated_at", .moment),
  ]

  /// `names` are fields; all of them if `nil`.
  package init(_ type: RecordType, fields names: [String]? = nil) {
    self.type = type
    shown = type.fields.enumerated().filter { names?.contains($1.name) ?? true }.map { ($0, $1) }
    outside = shown.indices.filter { [shown] in shown[$0].field.columns.isEmpty }
    let head = ["version", "status = 'trashed'", "created_at", "updated_at"].map { type.table + "." + $0 }
    columns =
      [Column("head", "", reads: head)]
      + shown.filter { !$0.field.columns.isEmpty }.map { _, field in
        let (kind, name, table) = (field.kind, field.name, type.table)
        var within: (@Sendable (RecordReach) -> [SQL]?)?
        if kind.isReference { within = { kind.reads(name, of: table, within: $0) } }
        return Column(name, "", reads: kind.reads(name, of: table), within: within)
      }
  }

  /// A record, as far as somebody may see it.
  package func json(_ record: Record, within reach: RecordReach, in db: Database) throws -> [UInt8] {
    var out: [UInt8] = []
    let values = try shown.map { try $1.kind.visible(record.values[$0], within: reach, in: db) }
    let head = Head(
      id: record.id, version: record.version, isTrashed: record.isTrashed, createdAt: record.createdAt, updatedAt: record.updatedAt)
    write(head, values, to: &out)
    return out
  }

  fileprivate struct Head {
    let id: RecordID
    let version: Int
    let isTrashed: Bool
    let createdAt: String
    let updatedAt: String
  }

  /// A row of a list before what other tables hold is added.
  struct ListRow {
    fileprivate let head: Head
    fileprivate var values: [FieldValue]
  }

  /// A row that has read `columns`.
  func row(_ row: borrowing Row) -> ListRow {
    var offset = ListQuery.firstCell
    let head = Head(
      id: row.recordID(1), version: row.int(offset), isTrashed: row.bool(offset + 1), createdAt: row.text(offset + 2),
      updatedAt: row.text(offset + 3))
    offset += 4
    var values: [FieldValue] = []
    values.reserveCapacity(shown.count)
    var column = 1
    for (_, field) in shown {
      if field.columns.isEmpty {
        values.append(.empty)
      } else {
        values.append(field.kind.value(row, at: offset))
        offset += columns[column].reads.count
        column += 1
      }
    }
    return ListRow(head: head, values: values)
  }

  /// Writes the rows of a list's page, as an array.
  func write(_ rows: [ListRow], within reach: RecordReach, in db: Database, to out: inout [UInt8]) throws {
    var rows = rows
    for index in outside {
      let kind = shown[index].field.kind
      let loaded = try kind.load(for: rows.map(\.head.id), in: db)
      for place in rows.indices {
        guard let value = loaded[rows[place].head.id] else { continue }
        rows[place].values[index] = try kind.visible(value, within: reach, in: db)
      }
    }
    out.append(UInt8(ascii: "["))
    for (index, row) in rows.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      write(row.head, row.values, to: &out)
    }
    out.append(UInt8(ascii: "]"))
  }

  private func write(_ head: Head, _ values: [FieldValue], to out: inout [UInt8]) {
    out += "{\"id\":\"".utf8
    out += head.id.text.utf8
    out += "\",\"version\":".utf8
    out += String(head.version).utf8
    out += head.isTrashed ? ",\"trashed\":true".utf8 : ",\"trashed\":false".utf8
    for ((_, field), value) in zip(shown, values) {
      out += ",\"".utf8
      out += field.name.utf8
      out += "\":".utf8
      field.kind.json(value).write(to: &out)
    }
    out += ",\"created_at\":\"".utf8
    out += head.createdAt.utf8
    out += "\",\"updated_at\":\"".utf8
    out += head.updatedAt.utf8
    out += "\"}".utf8
  }
}

// MARK: Shapes

extension RecordType {
  /// `Contact`, `ContactInput`: names of parts of the API's document.
  package var apiName: String { label.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }

  /// As it is read. Where only some fields are asked for, the others are missing.
  var jsonShape: JSONShape {
    .object(
      RecordJSON.head.prefix(3)
        + fields.map { .init($0.name, $0.kind.jsonShape, isRequired: false, note: $0.hint) } + RecordJSON.head.suffix(2))
  }

  /// As it is created.
  var jsonInput: JSONShape { .object(fields.map { .init($0.name, $0.jsonInput, isRequired: $0.isRequired, note: $0.hint) }) }

  /// As it is changed: only what is sent.
  var jsonChanges: JSONShape {
    .partial(
      fields.map { .init($0.name, $0.jsonInput, note: $0.hint) } + [
        .init("version", .integer(1...Int(Int32.max)), note: "The version that was read: what others have changed since is merged.")
      ])
  }
}

extension Field {
  /// What may be sent for it: something, where it is required.
  var jsonInput: JSONShape {
    guard isRequired, case .optional(let shape) = kind.jsonInput else { return kind.jsonInput }
    if case .text(_, let atMost, let format, let pattern) = shape {
      return .text(atLeast: 1, atMost: atMost, format: format, pattern: pattern)
    }
    return shape
  }
}
