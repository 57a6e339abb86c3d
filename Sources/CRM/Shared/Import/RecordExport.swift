import Base
import Store
import Synchronization
import Web

/// All that records hold, as an import reads it back: `export.csv?columns=all`. What a list shows of them is exported by the list.
struct RecordExport: Sendable {
  let type: RecordType

  /// A server thread makes one piece after the other for all who wait, so each is short.
  private static let rowsAtOnce = 100

  func respond(_ state: ListState, to context: RequestContext) throws -> Response {
    let (store, scope, moment) = (context.services.store, try context.scope(of: type.resource), context.filterMoment)
    let query = try store.read { db in try ListQuery(list: type.list, state: state, columns: [], scope: scope, moment: moment, in: db) }
    let walk = Mutex((hasHeading: false, isDone: false, cursor: ListCursor?.none))
    var response = Response(status: 200)
    response.headers.set("Content-Type", "text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment; filename=\"\(type.list.name).csv\"")
    response.body = .stream {
      try walk.withLock { walk -> [UInt8]? in
        if walk.isDone { return nil }
        var bytes: [UInt8] = []
        if !walk.hasHeading { CSVWriter.append(heading, to: &bytes) }
        walk.hasHeading = true
        try store.read { db in
          let ids = try query.items(after: walk.cursor, limit: Self.rowsAtOnce, in: db) { $0.recordID(1) }
          for id in ids {
            guard let record = try RecordStore.find(id.item, of: type, scope, in: db) else { continue }
            CSVWriter.append(try row(record, in: db), to: &bytes, guardFormulas: true)
          }
          (walk.isDone, walk.cursor) = (ids.count < Self.rowsAtOnce, ids.last?.cursor)
        }
        return bytes
      }
    }
    return response
  }

  private var heading: [String] { ["id"] + type.fields.map(\.name) + ["created_at", "updated_at"] }

  private func row(_ record: Record, in db: Database) throws -> [String] {
    let values = try zip(type.fields, record.values).map { field, value in try field.kind.exported(value, in: db) }
    return [record.id.text] + values + [record.createdAt, record.updatedAt]
  }
}
