import Base
import Store

/// Writes interactions that come from elsewhere, by one compiled statement; one of a known external id is written over.
struct InteractionUpsert {
  private let statement: Statement

  init(_ db: Database, now: Timestamp) throws {
    statement = try db.prepared(
      """
      INSERT INTO interactions (id, record_id, type, direction, subject, body, occurred_at, zone, minutes, connector, external_id,
        created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)
      ON CONFLICT (connector, external_id) WHERE external_id IS NOT NULL DO UPDATE SET type = excluded.type, subject = excluded.subject,
        body = excluded.body, occurred_at = excluded.occurred_at, minutes = excluded.minutes, updated_at = excluded.updated_at
      """)
    statement.bind(12, now)
  }

  func write(_ details: InteractionDetails, of record: String, connector: String = "", externalID: String?) throws {
    statement.bind(1, RecordID.make(at: details.occurredAt))
    statement.bind(2, record)
    statement.bind(3, details.type)
    statement.bind(4, details.direction)
    statement.bind(5, details.subject)
    statement.bind(6, details.body)
    statement.bind(7, details.occurredAt)
    statement.bind(8, details.zone)
    statement.bind(9, details.minutes)
    statement.bind(10, connector)
    statement.bind(11, externalID)
    try statement.execute()
  }
}
