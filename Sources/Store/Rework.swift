/// A data migration in code: part of an upgrade that SQL alone can't do, run after the steps in the same transaction.
package struct Rework: Sendable {
  /// What is rebuilt, for progress output.
  package let name: String
  let isDue: @Sendable (Database) throws -> Bool
  let run: @Sendable (Database, _ progress: @escaping (_ done: Int, _ all: Int) -> Void) throws -> Void

  /// After `run`, `isDue` has to be false.
  package init(
    _ name: String, isDue: @escaping @Sendable (Database) throws -> Bool,
    run: @escaping @Sendable (Database, _ progress: @escaping (_ done: Int, _ all: Int) -> Void) throws -> Void
  ) { (self.name, self.isDue, self.run) = (name, isDue, run) }
}
