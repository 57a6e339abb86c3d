package import Base
package import Store

/// The transaction that an act writes in, by whom and when.
package struct ActContext {
  package let db: Database
  package let principal: Principal
  package let now: Timestamp
  /// All types of records, for references to records of any.
  package var types: [RecordType]
  /// The record that is changed; `nil` while it is made.
  package var record: RecordID?
  /// Files that are filed with the record in the same transaction: their names by the ids that they will have.
  var incoming: [RecordID: String] = [:]
  /// From where somebody acts.
  var place = SecurityEvent.Place.commandLine
  /// Whether the actor has just given their password again.
  package var isPasswordConfirmed = false
  /// The import, or the undoing of one, that this is part of.
  package var batch: Int?
  /// What secrets are sealed with, where a server acts.
  var key: [UInt8]?

  package init(
    db: Database, principal: Principal, now: Timestamp, types: [RecordType], record: RecordID? = nil,
    incoming: [RecordID: String] = [:], batch: Int? = nil
  ) {
    self.db = db
    self.principal = principal
    self.now = now
    self.types = types
    self.record = record
    self.incoming = incoming
    self.batch = batch
  }

  package var actor: Actor { principal.actor }

  /// What rights can be given on.
  package var resources: [Resource] { Resource.all(of: types) }
}

extension ActContext {
  /// What happens to something that belongs to a record is written into the history of the record. `undo` is the address of the act that takes it back.
  /// `before` is kept for an import that brought it to be taken back.
  package func done(
    _ action: String, _ id: RecordID, on record: RecordHeader, _ changes: [Change] = [], before: String? = nil, undo: String? = nil
  ) throws -> Outcome {
    try Activity.record(
      action, type: record.type.name, id: record.id, name: record.name, changes: changes, before: before, self)
    return .done(id, undo: undo)
  }
}

extension RequestContext {
  /// Acts as the current user, once for each submitted form.
  package func act(_ need: Store.Need = .ordinary, _ body: (ActContext) throws -> Outcome) throws -> Outcome {
    let principal = Principal(try user)
    return try store.write(need) { db in try once(in: db) { try body(act(in: db, as: principal)) }.outcome }
  }

  /// Writes as the current user.
  package func act<T>(_ need: Store.Need = .ordinary, _ body: (ActContext) throws -> T) throws -> T {
    let principal = Principal(try user)
    return try store.write(need) { db in try body(act(in: db, as: principal)) }
  }

  /// The same in a transaction that another has begun: the media library, around bytes that come or go.
  package func act(in db: Database) throws -> ActContext {
    if isDraft { throw HTTPError.isDraft }
    try confirm(in: db)
    return act(in: db, as: Principal(try user))
  }

  package func act(in db: Database, as principal: Principal) -> ActContext {
    var act = ActContext(db: db, principal: principal, now: now, types: composition.records.all)
    act.place = place
    act.key = services.key
    return act
  }
}
