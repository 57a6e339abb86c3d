extension Compiler {
  /// Compiles an expression and infers its type.
  func evaluation(_ expr: Expr, _ scope: Scope, _ source: Source) -> (Evaluation, Kind) {
    switch expr.node {
    case .literal(let value): return (Constant(value), Self.kind(of: value))
    case .name(let name): return self.name(name, expr, scope, source)
    case .field(let base, let field): return self.field(field, of: base, expr, scope, source)
    case .not(let inner):
      let value = operand(inner, scope, source).0
      return (Test { try !value.isTrue($0) }, .bool)
    case .and(let a, let b):
      var right = scope
      right.present.formUnion(Self.paths(present: true, in: a))
      let (x, y) = (operand(a, scope, source).0, operand(b, right, source).0)
      return (Test { try x.isTrue($0) && y.isTrue($0) }, .bool)
    case .or(let a, let b):
      var right = scope
      right.present.formUnion(Self.paths(present: false, in: a))
      let (x, y) = (operand(a, scope, source).0, operand(b, right, source).0)
      return (Test { try x.isTrue($0) || y.isTrue($0) }, .bool)
    case .compare(let symbol, let a, let b): return (comparison(symbol, a, b, scope, source), .bool)
    case .contains(let item, let list):
      let (x, y) = (operand(item, scope, source).0, operand(list, scope, source).0)
      return (Test { machine in try Self.holds(try y.value(machine), try x.value(machine)) }, .bool)
    case .choose(let value, let condition, let otherwise):
      var inside = scope
      inside.present.formUnion(Self.paths(present: true, in: condition))
      var outside = scope
      outside.present.formUnion(Self.paths(present: false, in: condition))
      let test = operand(condition, scope, source).0
      let (x, kind) = operand(value, inside, source)
      let (y, otherKind) = operand(otherwise, outside, source)
      return (Computed { try test.isTrue($0) ? try x.value($0) : try y.value($0) }, Self.common(kind, otherKind))
    case .concat(let a, let b):
      let (x, y) = (operand(a, scope, source), operand(b, scope, source))
      for (side, kind) in [(a, x.1), (b, y.1)] where kind.isOptional {
        report("possibly missing: use |default(\"…\")", side.position, side.length, source)
      }
      return (Computed { .text(try x.0.value($0).text + y.0.value($0).text) }, .text)
    case .add(let a, let b, let sign):
      let (x, y) = (operand(a, scope, source).0, operand(b, scope, source).0)
      return (Computed { .int((try x.value($0).int ?? 0) &+ sign &* (try y.value($0).int ?? 0)) }, .int)
    case .filter(let name, let value, let arguments): return filter(name, value, arguments, expr, scope, source)
    case .translate(let texts, let named): return translation(texts, named, expr, scope, source)
    }
  }

  /// An operand. It can't depend on the row, because expressions are evaluated before the first row.
  private func operand(_ expr: Expr, _ scope: Scope, _ source: Source) -> (Evaluation, Kind) {
    let (value, kind) = evaluation(expr, scope, source)
    switch kind {
    case .slot:
      report("a row’s text can only be output, filtered, or tested alone with if", expr.position, expr.length, source)
      return (value, .any)
    case .fragment:
      report("a template can only be output", expr.position, expr.length, source)
      return (value, .any)
    default: return (value, kind)
    }
  }

  private static func kind(of value: Value) -> Kind {
    switch value {
    case .null: .optional(.any)
    case .bool: .bool
    case .int: .int
    case .text: .text
    case .html: .html
    case .list: .list(.any)
    case .record(let record): .record(record.schema)
    case .slot: .slot
    case .fragment: .fragment
    }
  }

  /// The common type of two values: the weaker of the two.
  private static func common(_ a: Kind, _ b: Kind) -> Kind {
    if a.signature == b.signature { return a }
    if a.present.signature == b.present.signature { return .optional(a.present) }
    if case .optional(.any) = a { return .optional(b.present) }
    if case .optional(.any) = b { return .optional(a.present) }
    return a.isOptional || b.isOptional ? .optional(.any) : .any
  }

  // MARK: Names and fields

  private func name(_ name: String, _ expr: Expr, _ scope: Scope, _ source: Source) -> (Evaluation, Kind) {
    func narrowed(_ kind: Kind) -> Kind { scope.present.contains(name) ? kind.present : kind }
    if let local = scope.locals[name] { return (local.value, narrowed(local.kind)) }
    if let page = scope.page, let index = page.schema.index(of: name) {
      return (FieldOfLocal(slot: page.slot, index: index), narrowed(page.schema.fields[index].kind))
    }
    if let index = globals.index(of: name) { return (Global(index), narrowed(globals.fields[index].kind)) }
    if name == "loop" {
      report("“loop” is only available inside a for, as loop.index, loop.first or loop.last", expr.position, expr.length, source)
      return (Constant(.null), .any)
    }
    let known = scope.names(globals)
    report(
      "unknown name “\(name)”; available: \(known.joined(separator: ", "))\(Spelling.suggestion(for: name, among: known))",
      expr.position, expr.length, source)
    return (Constant(.null), .any)
  }

  private func field(_ field: String, of base: Expr, _ expr: Expr, _ scope: Scope, _ source: Source) -> (Evaluation, Kind) {
    if case .name("loop") = base.node, let slot = scope.loop, scope.locals["loop"] == nil {
      return loopField(field, slot, expr, source)
    }
    let (value, kind) = evaluation(base, scope, source)
    if kind.isOptional {
      report(
        "“\(base.path ?? "this")” is possibly missing: test it with {% if \(base.path ?? "…") %} first", base.position, base.length, source)
    }
    switch kind.present {
    case .record(let schema):
      guard let index = schema.index(of: field) else {
        let names = schema.fields.map(\.name)
        report(
          "\(schema.name) has no field “\(field)”; it has: \(names.joined(separator: ", "))\(Spelling.suggestion(for: field, among: names))",
          Self.end(of: expr, field.count), field.count, source)
        return (Constant(.null), .any)
      }
      let found = schema.fields[index].kind
      let isPresent = expr.path.map { scope.present.contains($0) } ?? false
      if let local = value as? Local { return (FieldOfLocal(slot: local.slot, index: index), isPresent ? found.present : found) }
      return (Field(value, index: index), isPresent ? found.present : found)
    case .any: return (NamedField(value, field, failure(expr, source)), .any)
    default:
      report("\(kind.present.description) has no fields", expr.position, expr.length, source)
      return (Constant(.null), .any)
    }
  }

  /// The position of the last characters of an expression; its start, if it spans several lines.
  private static func end(of expr: Expr, _ count: Int) -> Position {
    Position(line: expr.position.line, column: expr.position.column + max(0, expr.length - count))
  }

  private func loopField(_ field: String, _ slot: Int, _ expr: Expr, _ source: Source) -> (Evaluation, Kind) {
    let (index, count) = (Local(slot + 1), Local(slot + 2))
    switch field {
    case "index": return (Computed { .int((index.value($0).int ?? 0) + 1) }, .int)
    case "first": return (Test { index.value($0).int == 0 }, .bool)
    case "last": return (Test { (index.value($0).int ?? 0) + 1 == count.value($0).int }, .bool)
    default:
      report("loop has no field “\(field)”; it has: index, first, last", expr.position, expr.length, source)
      return (Constant(.null), .any)
    }
  }

  // MARK: Comparing

  private func comparison(_ symbol: String, _ a: Expr, _ b: Expr, _ scope: Scope, _ source: Source) -> Evaluation {
    let (x, kindOfX) = operand(a, scope, source)
    let (y, kindOfY) = operand(b, scope, source)
    if !Self.comparable(kindOfX.present, kindOfY.present) {
      report("\(kindOfX.present.description) can’t be compared with \(kindOfY.present.description)", a.position, a.length, source)
    }
    switch symbol {
    case "==": return Test { Value.same(try x.value($0), try y.value($0)) }
    case "!=": return Test { !Value.same(try x.value($0), try y.value($0)) }
    default:
      let fail = failure(a, source)
      return Test { machine in
        guard let left = try x.value(machine).int, let right = try y.value(machine).int else {
          throw fail("only numbers can be ordered")
        }
        switch symbol {
        case "<": return left < right
        case ">": return left > right
        case "<=": return left <= right
        default: return left >= right
        }
      }
    }
  }

  private static func comparable(_ a: Kind, _ b: Kind) -> Bool {
    switch (a, b) {
    case (.any, _), (_, .any), (.bool, .bool), (.int, .int), (.text, .text): true
    default: false
    }
  }

  private static func holds(_ container: Value, _ item: Value) throws -> Bool {
    switch container {
    case .list(let items): items.contains { Value.same($0, item) }
    case .text(let text): item.text.isEmpty || text.contains(item.text)
    default: false
    }
  }

  // MARK: Filters and translations

  private func filter(
    _ name: String, _ input: Expr, _ arguments: [Expr], _ expr: Expr, _ scope: Scope, _ source: Source
  ) -> (Evaluation, Kind) {
    if name == "default" {
      let (value, kind) = operand(input, scope, source)
      let given = arguments.map { operand($0, scope, source) }
      guard given.count == 1 else {
        report("default takes one argument", expr.position, expr.length, source)
        return (value, kind)
      }
      let fallback = given[0].0
      return (
        Computed { machine in
          let found = try value.value(machine)
          return found.isTrue ? found : try fallback.value(machine)
        }, Self.common(kind.present, given[0].1)
      )
    }
    let (value, kind) = evaluation(input, scope, source)
    if case .fragment = kind { report("templates can’t be filtered", input.position, input.length, source) }
    let given = arguments.map { evaluation($0, scope, source) }
    guard let definition = filters[name] else {
      report(
        "unknown filter “\(name)”\(Spelling.suggestion(for: name, among: filters.keys.sorted() + ["default"]))", expr.position,
        expr.length, source)
      return (Constant(.null), .any)
    }
    guard definition.arguments.contains(given.count) else {
      report("the filter “\(name)” does not take \(given.count) arguments", expr.position, expr.length, source)
      return (Constant(.null), .any)
    }
    if kind.isOptional, !definition.takesNull {
      report("possibly missing: test it with if first, or use |default(\"…\")", input.position, input.length, source)
    }
    let parameters = given.map(\.0)
    let fail = failure(expr, source)
    if case .slot = kind {
      return (
        Computed { machine in
          guard case .slot(var slot) = try value.value(machine) else { throw fail("only available in a row template") }
          slot.filters.append(Slot.Step(filter: definition, arguments: try parameters.map { try $0.value(machine) }, fail: fail))
          return .slot(slot)
        }, .slot
      )
    }
    for (argument, value) in zip(arguments, given) {
      if case .slot = value.1 { report("only a row’s text can be filtered with another one", argument.position, argument.length, source) }
    }
    return (
      Computed { machine in
        do {
          return try definition.apply(try value.value(machine), try parameters.map { try $0.value(machine) }, machine.context)
        } catch let error as FilterError {
          throw fail(error.message)
        }
      }, definition.result
    )
  }

  private func translation(
    _ texts: [Expr], _ named: [(name: String, value: Expr)], _ expr: Expr, _ scope: Scope, _ source: Source
  ) -> (Evaluation, Kind) {
    let forms = texts.map { operand($0, scope, source) }
    let literals = texts.compactMap { text -> String? in
      if case .literal(.text(let literal)) = text.node { return literal }
      return nil
    }
    if literals.count == texts.count {
      note(
        TemplateMessage(text: literals[0], plural: literals.count == 2 ? literals[1] : nil, template: source.name, line: expr.position.line)
      )
    }
    let arguments = named.map { (name: $0.name, value: operand($0.value, scope, source)) }
    for (argument, value) in zip(named, arguments) where value.value.1.isOptional {
      report("possibly missing: test it with if first, or use |default(\"…\")", argument.value.position, argument.value.length, source)
    }
    for literal in literals {
      for placeholder in Language.placeholders(in: literal) where !named.contains(where: { $0.name == placeholder }) {
        report("no value for the placeholder {\(placeholder)}", expr.position, expr.length, source)
      }
    }
    let constants = arguments.compactMap { argument in (argument.value.0 as? Constant).map { (argument.name, $0.constant) } }
    if let only = literals.first, forms.count == 1, constants.count == arguments.count {
      return (Translation(only, Dictionary(constants) { _, last in last }), .text)
    }
    if forms.count == 1, arguments.isEmpty {
      let text = forms[0].0
      return (Computed { .text($0.context.language.text(try text.value($0).text)) }, .text)
    }
    let values = arguments.map { (name: $0.name, value: $0.value.0) }
    return (
      Computed { machine in
        var given: [String: Value] = [:]
        for argument in values { given[argument.name] = try argument.value.value(machine) }
        let one = try forms[0].0.value(machine).text
        guard forms.count == 2 else { return .text(machine.context.language.text(one, given)) }
        return .text(
          machine.context.language.plural(one, try forms[1].0.value(machine).text, count: given["n"]?.int ?? 0, given))
      }, .text
    )
  }
}
