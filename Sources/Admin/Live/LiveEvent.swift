import Base
import Store

/// A change that another page may want to show: an activity entry without what exactly changed.
struct LiveEvent: Sendable {
  let seq: Int
  let action: String
  let recordType: String
  let recordID: String
  let recordName: String
  let actorName: String
  /// Whether somebody finds something in the inbox because of it.
  let notifies: Bool

  /// As browsers take it (HTML, "Server-sent events"). The number lets them go on from there after a break. `list` is the list that the record is in,
  /// `feeds` are those whose records may show what happened with it.
  func bytes(_ records: RecordTypes) -> [UInt8] {
    let feeds = records.all.filter { $0.related?.type == recordType }
    let json = JSON.object([
      "seq": .int(seq), "action": .string(action), "type": .string(recordType), "id": .string(recordID), "name": .string(recordName),
      "actor": .string(actorName), "list": .string(records[recordType]?.path ?? ""), "feeds": .array(feeds.map { .string($0.path) }),
      "notifies": .bool(notifies),
    ])
    return Array("id: \(seq)\ndata: \(json.text)\n\n".utf8)
  }

  /// The newest entry's number.
  static func latest(in db: Database) throws -> Int { try db.value("SELECT max(seq) FROM activity") ?? 0 }

  /// The entries after one, in order.
  static func after(_ seq: Int, limit: Int, in db: Database) throws -> [LiveEvent] {
    try db.all(
      """
      SELECT seq, action, record_type, record_id, record_name, actor_name,
        EXISTS (SELECT 1 FROM notifications n WHERE n.record_id = activity.record_id AND n.created_at = activity.at)
      FROM activity WHERE seq > \(seq) ORDER BY seq LIMIT \(limit)
      """
    ) {
      LiveEvent(
        seq: $0.int(0), action: $0.text(1), recordType: $0.text(2), recordID: $0.text(3), recordName: $0.text(4), actorName: $0.text(5),
        notifies: $0.bool(6))
    }
  }
}
