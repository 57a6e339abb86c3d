/// Work on rows that belongs to an upgrade and that statements alone can't do: done after the steps, in the same transaction.
package struct Rework: Sendable {
  /// What is made anew, as the upgrade tells of it.
  package let name: String
  let isDue: @Sendable (Database) throws -> Bool
  let run: @Sendable (Database, _ progress: @escaping (_ done: Int, _ all: Int) -> Void) throws -> Void

  /// `run` leaves things so that it isn't due any more.
  package init(
    _ name: String, isDue: @escaping @Sendable (Database) throws -> Bool,
    run: @escaping @Sendable (Database, _ progress: @escaping (_ done: Int, _ all: Int) -> Void) throws -> Void
  ) { (self.name, self.isDue, self.run) = (name, isDue, run) }
}
