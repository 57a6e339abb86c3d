package import Base
package import Store

/// Something that goes along with a record when it is deleted permanently, as the page that asks first and the receipt name it.
package struct Belonging: Sendable {
  /// "Comments"
  let label: String
  /// How many there are of a record.
  let count: @Sendable (RecordID, Database) throws -> Int

  package init(_ label: String, count: @escaping @Sendable (RecordID, Database) throws -> Int) {
    (self.label, self.count) = (label, count)
  }

  /// Rows of a table that refer to the record.
  package init(_ label: String, in table: String, by column: String) {
    self.init(label, count: { id, db in try db.value("SELECT count(*) FROM \(raw: table) WHERE \(raw: column) = \(id)") ?? 0 })
  }
}
