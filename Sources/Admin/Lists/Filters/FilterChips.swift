import Store
import Templating

/// What a list's filter asks, in words: a chip for each condition, with a link to its form and one that takes it off.
enum FilterChips {
  /// `before` and `after` are what joins a chip to its neighbours where that isn't a plain "and".
  static let schema = ViewSchema("filter-chip", [("before", .text), ("label", .text), ("href", .text), ("edit", .text), ("after", .text)])

  static func values(of state: ListState, in list: ListDefinition, _ formats: Formats, within reach: RecordReach, _ db: Database) throws
    -> [Value]
  {
    guard let filter = state.filter else { return [] }
    var writer = Writer(state: state, filter: filter, list: list, formats: formats, reach: reach, db: db)
    try writer.add(filter, joint: "")
    return writer.chips.map {
      .record(ViewData(schema, [.text($0.before), .text($0.label), .text($0.href), .text($0.edit), .text($0.after)]))
    }
  }

  private struct Writer {
    let state: ListState
    let filter: Predicate
    let list: ListDefinition
    let formats: Formats
    let reach: RecordReach
    let db: Database
    var chips: [(before: String, label: String, href: String, edit: String, after: String)] = []
    private var pending = ""

    init(state: ListState, filter: Predicate, list: ListDefinition, formats: Formats, reach: RecordReach, db: Database) {
      (self.state, self.filter, self.list, self.formats, self.reach, self.db) = (state, filter, list, formats, reach, db)
    }

    mutating func add(_ predicate: Predicate, joint: String, isInside: Bool = false) throws {
      if !joint.isEmpty { say(joint) }
      switch predicate {
      case .and(let parts):
        // Above the list everything holds at once, which needs no word.
        for (index, part) in parts.enumerated() {
          try add(part, joint: index > 0 && isInside ? formats.language.text("and") : "", isInside: isInside)
        }
      case .or(let parts):
        say("(")
        for (index, part) in parts.enumerated() {
          try add(part, joint: index > 0 ? formats.language.text("or") : "", isInside: true)
        }
        close()
      case .not(let part):
        say(formats.language.text("not"))
        say("(")
        try add(part, joint: "", isInside: true)
        close()
      case .condition(let condition):
        let index = chips.count
        let href = state.with { $0.filter = filter.removing(index) }.url(list.path)
        chips.append((pending, try label(condition), href, FilterPage.href(state, in: list, editing: index), ""))
        pending = ""
      }
    }

    private mutating func close() { chips[chips.count - 1].after += ")" }

    private mutating func say(_ word: String) { pending += pending.isEmpty || pending.hasSuffix("(") ? word : " " + word }

    private func label(_ condition: Predicate.Condition) throws -> String {
      if let named = list.filters.first(where: { $0.predicate == .condition(condition) }) { return formats.language.text(named.label) }
      guard let field = list.field(condition.field) else { return condition.text }
      let values = try condition.values.map { try field.comparison.display($0, formats, within: reach, in: db) }
      let language = formats.language
      return condition.operator.phrase(language.text(field.label), values) { a, b in
        language.text("{a} or {b}", ["a": .text(a), "b": .text(b)])
      } and: { a, b in
        language.text("{a} and {b}", ["a": .text(a), "b": .text(b)])
      }.text(in: language)
    }
  }
}
