import Base
package import Store

/// Records as programs read them: their own facts, then those of their fields that are asked for.
package struct RecordJSON: Sendable {
  let type: RecordType
  /// The fields to show, with their places among the type's own.
  private let shown: [(place: Int, field: Field)]
  /// What a list reads of each row.
  let columns: [Column]

  /// What every record has besides its fields.
  static let head: [JSONShape.Member] = [
    .init("id", .id), .init("version", .integer(1...Int(Int32.max)), note: "Grows with each change; the ETag."),
    .init("trashed", .boolean, note: "Whether it is in the trash."), .init("created_at", .moment), .init("updated_at", .moment),
  ]

  /// `names` are fields; all of them if `nil`.
  package init(_ type: RecordType, fields names: [String]? = nil) {
    self.type = type
    shown = type.fields.enumerated().filter { names?.contains($1.name) ?? true }.map { ($0, $1) }
    let head = ["version", "status = 'trashed'", "created_at", "updated_at"].map { type.table + "." + $0 }
    columns =
      [Column("head", "", reads: head)]
      + shown.map { _, field in
        let (kind, name, table) = (field.kind, field.name, type.table)
        var within: (@Sendable (RecordReach) -> [SQL]?)?
        if kind.isReference { within = { kind.reads(name, of: table, within: $0) } }
        let reads = kind.reads(name, of: table)
        precondition(!reads.isEmpty, "lists can't read the field \(name)")
        return Column(name, "", reads: reads, within: within)
      }
  }

  /// A record, as far as somebody may see it.
  package func json(_ record: Record, within reach: RecordReach, in db: Database) throws -> [UInt8] {
    var out: [UInt8] = []
    let values = try shown.map { try $1.kind.visible(record.values[$0], within: reach, in: db) }
    begin(record.id.text, record.version, isTrashed: record.isTrashed, to: &out)
    for ((_, field), value) in zip(shown, values) {
      member(field.name, to: &out)
      field.kind.json(value).write(to: &out)
    }
    member("created_at", to: &out)
    JSON.string(record.createdAt).write(to: &out)
    member("updated_at", to: &out)
    JSON.string(record.updatedAt).write(to: &out)
    out.append(UInt8(ascii: "}"))
    return out
  }

  /// Writes a row that has read `columns`.
  func write(_ row: borrowing Row, to out: inout [UInt8]) {
    let head = ListQuery.firstCell
    begin(row.text(1), row.int(head), isTrashed: row.bool(head + 1), to: &out)
    var offset = head + 4
    for (index, (_, field)) in shown.enumerated() {
      member(field.name, to: &out)
      field.kind.writeJSON(row, at: offset, to: &out)
      offset += columns[index + 1].reads.count
    }
    member("created_at", to: &out)
    row.withUTF8(head + 2) { JSON.write($0, to: &out) }
    member("updated_at", to: &out)
    row.withUTF8(head + 3) { JSON.write($0, to: &out) }
    out.append(UInt8(ascii: "}"))
  }

  private func begin(_ id: String, _ version: Int, isTrashed: Bool, to out: inout [UInt8]) {
    out += "{\"id\":\"".utf8
    out += id.utf8
    out += "\",\"version\":".utf8
    out += String(version).utf8
    out += isTrashed ? ",\"trashed\":true".utf8 : ",\"trashed\":false".utf8
  }

  private func member(_ name: String, to out: inout [UInt8]) {
    out += ",\"".utf8
    out += name.utf8
    out += "\":".utf8
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
  var jsonInput: JSONShape { .object(typedFields.map { .init($0.name, $0.jsonInput, isRequired: $0.isRequired, note: $0.hint) }) }

  /// As it is changed: only what is sent.
  var jsonChanges: JSONShape {
    .partial(
      typedFields.map { .init($0.name, $0.jsonInput, note: $0.hint) } + [
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
