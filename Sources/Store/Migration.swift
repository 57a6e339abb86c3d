/// One step of the schema's history. Never edited once it has been released.
package struct Migration: Sendable {
  /// Unique and dated, `2026-11-20-contacts`.
  package let name: String
  /// One or more statements.
  package let sql: String
  /// FNV-1a (64 bits) of the statements: detects edits, isn't meant to resist attacks.
  let checksum: String

  /// A step with its statements.
  package init(_ name: String, _ sql: String) {
    self.name = name
    self.sql = sql
    let hash = sql.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let hex = String(hash, radix: 16)
    checksum = String(repeating: "0", count: 16 - hex.count) + hex
  }

  /// The date at the start of the name.
  package var day: Substring { name.prefix(10) }
}
