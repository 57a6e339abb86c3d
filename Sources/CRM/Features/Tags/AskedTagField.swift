import Admin
import Base
import Templating

/// A tag that a filter asks for, by its name. Names are offered to those who may see all tags.
struct AskedTagField: FieldKind {
  private static let mostOffered = 500

  func parse(_ text: String) -> FieldValue { FieldValue(text) }

  func control(_ control: FieldControl) throws -> ViewData {
    guard control.context.may(.write, on: .contacts) else { return control.data() }
    let tags = try control.context.store.read { db in try TagStore.all(limit: Self.mostOffered, in: db) }
    return control.data(options: Choices(tags.map { ($0.tag.name, $0.tag.name) }).options)
  }
}
