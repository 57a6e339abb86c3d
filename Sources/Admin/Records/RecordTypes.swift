package import Store
import Synchronization

/// All types of records, in the order of their features. What hangs on a record knows its id alone; `records.type` says which of these it is.
package final class RecordTypes: Sendable {
  package let all: [RecordType]
  private let byName: [String: RecordType]
  /// SQL that was put together before, for those who see all records: nothing in it changes from one to the other.
  fileprivate let known = Mutex<[RecordReach.Question: RecordReach.Answer]>([:])

  package init(_ all: [RecordType]) {
    self.all = all
    byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
  }

  package subscript(name: String) -> RecordType? { byName[name] }
}

/// Which records somebody may see, and how queries ask for just these, each by a look-up or two by key, however many types there are.
///
/// The first type is the one that there is most of: a record is looked for among those at once. What is none of them, `records` tells the type of.
package struct RecordReach: Sendable {
  package let kinds: RecordTypes
  /// One for each type.
  private let scopes: [Scope]
  private let includesTrash: Bool

  package init(_ kinds: RecordTypes, _ scopes: [Scope], includesTrash: Bool = false) {
    self.kinds = kinds
    self.scopes = scopes
    self.includesTrash = includesTrash
  }

  /// The same with what is in the trash.
  package var withTrash: RecordReach { RecordReach(kinds, scopes, includesTrash: true) }

  /// All records, those in the trash included: for the names of records that are known to be visible.
  package var everything: RecordReach { RecordReach(kinds, scopes.map { _ in .all }, includesTrash: true) }

  package func scope(of type: String) -> Scope { kinds.all.firstIndex { $0.name == type }.map { scopes[$0] } ?? .nothing }

  /// What a query asks of the record of which a column, or what SQL makes of one, is the id.
  package struct Answer: Sendable {
    /// Whether it may be seen, where nothing else of it is wanted.
    package var isInReach: SQL = ""
    /// Joins the record; what follows needs that.
    package var join: SQL = ""
    /// Its type, whether it is visible or not.
    package var type: SQL = ""
    /// Its name; NULL if it is out of reach.
    package var name: SQL = ""
  }

  /// ` AND …`: what is asked of a record of a type so that it may be named, in the trash or not; `nil` where all may be.
  package func condition(on alias: String, of target: RecordTarget) -> SQL? {
    let scope = kinds.all.firstIndex { $0.table == target.table }.map { scopes[$0] } ?? .nothing
    return scope == .all ? nil : scope.condition(on: alias)
  }

  /// Whether all records of all types may be seen.
  var isEverything: Bool { scopes.allSatisfy { $0 == .all } }

  /// A record by its id, in the trash or not; `nil` for one that is out of reach.
  package func find(_ id: String, in db: Database) throws -> (type: RecordType, name: String)? {
    let record = withTrash.record("link.record_id")
    let found = try db.first(
      "SELECT \(record.type), \(record.name) FROM (SELECT \(id) AS record_id) AS link\(record.join) WHERE \(record.name) IS NOT NULL"
    ) { ($0.text(0), $0.text(1)) }
    return found.flatMap { type, name in kinds[type].map { ($0, name) } }
  }

  fileprivate struct Question: Hashable {
    let id: String
    let seen: [Bool]
    let includesTrash: Bool
  }

  /// The record with this id, in a query that joins no other.
  package func record(_ id: SQL) -> Answer {
    guard id.values.isEmpty, scopes.allSatisfy({ $0 == .all || $0 == .nothing }) else { return answer(id) }
    let question = Question(id: id.text, seen: scopes.map { $0 == .all }, includesTrash: includesTrash)
    if let known = kinds.known.withLock({ $0[question] }) { return known }
    let answer = answer(id)
    kinds.known.withLock { $0[question] = answer }
    return answer
  }

  private func answer(_ id: SQL) -> Answer {
    var (answer, others) = (Answer(), reached[...])
    if let first, let name = others.popFirst()?.kind.name {
      answer.join += " LEFT JOIN \(raw: first.table) AS r_\(raw: name) ON r_\(raw: name).id = \(id)"
      answer.join += " LEFT JOIN records AS r ON r.id = CASE WHEN r_\(raw: name).id IS NULL THEN \(id) END"
      answer.type = "CASE WHEN r_\(raw: name).id IS NULL THEN r.type ELSE '\(raw: name)' END"
    } else {
      answer.join += " LEFT JOIN records AS r ON r.id = \(id)"
      answer.type = "r.type"
    }
    for (kind, _) in others {
      answer.join += """
         LEFT JOIN \(raw: kind.table) AS r_\(raw: kind.name) ON r_\(raw: kind.name).id = CASE r.type WHEN '\(raw: kind.name)' THEN r.id END
        """
    }
    let names = reached.map { kind, scope -> SQL in "CASE WHEN \(isSeen(kind, scope)) THEN r_\(raw: kind.name).name END" }
    // `coalesce` wants two at least.
    answer.isInReach = isInReach(id)
    answer.name = "coalesce(\(SQL(joining: names + ["NULL", "NULL"], separator: ", ")))"
    return answer
  }

  private func isInReach(_ id: SQL) -> SQL {
    let found = reached.map { kind, scope -> (name: String, sql: SQL) in
      let record: SQL = "\(raw: kind.table) AS r_\(raw: kind.name) WHERE r_\(raw: kind.name).id = \(id)"
      return (kind.name, "EXISTS (SELECT 1 FROM \(record) AND \(isSeen(kind, scope)))")
    }
    let others = found.dropFirst(first == nil ? 0 : 1).map { name, sql -> SQL in " WHEN '\(raw: name)' THEN \(sql)" }
    let other: SQL = others.isEmpty ? "false" : "CASE (SELECT type FROM records WHERE id = \(id))\(SQL(joining: others, separator: "")) END"
    return first == nil ? other : "(\(found[0].sql) OR \(other))"
  }

  /// What is asked of a record of a type that was found by its id.
  private func isSeen(_ kind: RecordType, _ scope: Scope) -> SQL {
    let record = "r_" + kind.name
    return "\(raw: includesTrash ? record + ".id IS NOT NULL" : record + ".status <> 'trashed'")\(scope.condition(on: record))"
  }

  private var first: RecordType? { scopes.first == .nothing ? nil : kinds.all.first }

  private var reached: [(kind: RecordType, scope: Scope)] { zip(kinds.all, scopes).filter { $1 != .nothing }.map { ($0, $1) } }
}

extension RequestContext {
  /// Which records this visitor may see.
  package var reach: RecordReach {
    get throws { RecordReach(composition.records, try composition.records.all.map { try scope(of: $0.resource) }) }
  }
}
