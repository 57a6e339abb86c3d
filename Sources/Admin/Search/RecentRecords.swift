import Base
import Store
import Web

/// The records that somebody has viewed on this browser: their ids in a cookie, after that of the user. So viewing a page writes nothing, and
/// what the list shows is looked up with the user's rights each time.
struct RecentRecords {
  private(set) var ids: [RecordID] = []
  private let user: RecordID

  private static let cookie = "roost_recent"
  private static let most = 9
  private static let maxAge = 30 * 24 * 3600

  /// What the browser sent; empty for another user's and for what can't be read.
  init(_ context: RequestContext) throws {
    user = try context.user.id
    let parts = (context.sentCookies[Self.cookie] ?? "").split(separator: ".").prefix(Self.most + 1).map {
      RecordID(String($0))
    }
    if parts.first == user { ids = parts.dropFirst().compactMap(\.self) }
  }

  /// Puts a record first.
  mutating func note(_ id: RecordID, _ context: RequestContext) {
    if ids.first == id { return }
    ids = Array(([id] + ids.filter { $0 != id }).prefix(Self.most))
    let text = ([user] + ids).map(\.text).joined(separator: ".")
    context.cookies.append(SetCookie(Self.cookie, text, maxAge: Self.maxAge, secure: context.isSecure))
  }

  /// Those that are there and that the user may see, without those in the trash.
  func headers(for context: RequestContext, in db: Database) throws -> [RecordHeader] {
    try ids.compactMap { id in
      guard let name = try db.text("SELECT type FROM records WHERE id = \(id)"), let type = context.composition.records[name] else {
        return nil
      }
      let header = try RecordStore.header(id, of: type, context.scope(of: type.resource), in: db)
      return header?.isTrashed == false ? try header?.within(context.reach, in: db) : nil
    }
  }
}

extension RequestContext {
  /// Notes that the visitor looks at a record.
  func noteViewed(_ id: RecordID) throws {
    var recent = try RecentRecords(self)
    recent.note(id, self)
  }
}
