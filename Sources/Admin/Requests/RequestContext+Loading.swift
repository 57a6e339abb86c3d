package import Store
import Web

/// What a route names may go while a request is on its way: loaded in one transaction, it can be deleted permanently before the next one writes. So whatever a
/// handler loads is looked for again where it writes, first thing in that transaction. Then nothing can be written about what is gone, whatever the
/// handler does, and a late request gets a 404.
extension RequestContext {
  /// What the route names, or 404; and 404 as well if it is no longer there, or no longer to be seen, when this request writes.
  package func load<T>(in db: Database, _ find: @escaping (Database) throws -> T?) throws -> T {
    guard let found = try find(db) else { throw HTTPError.notFound }
    if !request.method.isSafe { loaded.append { db in try find(db) != nil } }
    return found
  }

  /// The head of the record that the route names, or 404.
  package func header(of type: RecordType, in db: Database) throws -> RecordHeader {
    let (id, scope) = (try id(), try scope(of: type.resource))
    return try load(in: db) { db in try type.header(id, scope, db) }
  }

  package func header(of type: RecordType) throws -> RecordHeader { try store.read { db in try header(of: type, in: db) } }

  /// Throws 404 if anything that was loaded is gone. Called by every write of `store`, and where the media library writes.
  package func confirm(in db: Database) throws {
    for isThere in loaded where try !isThere(db) { throw HTTPError.notFound }
  }

  /// When the request is over: what was loaded may hold on to it.
  func forgetLoaded() { loaded = [] }

  package var store: RequestStore { RequestStore(context: self) }
}

/// The database as a request uses it.
package struct RequestStore {
  fileprivate let context: RequestContext

  /// As `Store.read`.
  package func read<T>(_ body: (Database) throws -> T) throws -> T { try context.services.store.read(body) }

  /// As `Store.write`, after another look for what was loaded.
  @discardableResult
  package func write<T>(_ need: Store.Need = .ordinary, _ body: (Database) throws -> T) throws -> T {
    if context.isDraft { throw HTTPError.isDraft }
    return try context.services.store.write(need) { db in
      try context.confirm(in: db)
      return try body(db)
    }
  }
}
