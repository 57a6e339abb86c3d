/// Syntax tree → programs: names are resolved, types checked, and partials inlined, so that their arguments are known.
final class Compiler {
  private var templates: [String: ParsedTemplate]
  let globals: ViewSchema
  let filters: [String: FilterDefinition]
  private(set) var used: Set<String> = []
  private(set) var errors: [TemplateError] = []
  private(set) var messages: [TemplateMessage] = []
  /// The program being compiled.
  private var program = Program()
  /// The partials being inlined, outermost first.
  private var expanding: [String] = []
  /// The number of partials inlined so far: twenty that each call the next one twice would make a million.
  private var expansions = 0
  private static let mostExpansions = 10_000

  init(_ templates: [String: ParsedTemplate], globals: ViewSchema, filters: [String: FilterDefinition]) {
    self.templates = templates
    self.globals = globals
    self.filters = filters
  }

  func report(_ message: String, _ position: Position, _ length: Int, _ source: Source) {
    let error = TemplateError(message, at: position, length: length, in: source)
    if !errors.contains(where: { $0.description == error.description }) { errors.append(error) }
  }

  func note(_ message: TemplateMessage) { messages.append(message) }

  // MARK: Pages

  /// A page: its blocks inserted into its layout.
  func page(_ name: String, _ schema: ViewSchema) -> Program? {
    guard let template = templates[name] else { return nil }
    used.insert(name)
    var scope = Scope()
    scope.page = (slot: 0, schema: schema)
    scope.nextSlot = 1
    let program = Program()
    expansions = 0
    write(to: program) {
      if template.layout == nil { compile(template.body, scope, template.source) } else { compile(in: template, scope) }
    }
    return program
  }

  /// A template that others embed. Ends with its last line, without the line break.
  func fragment(_ name: String, _ schema: ViewSchema) -> Program? {
    if case .text(let bytes)? = templates[name]?.body.last, bytes.last == UInt8(ascii: "\n") {
      templates[name]?.body.removeLast()
      templates[name]?.body.append(.text(bytes.dropLast()))
    }
    return page(name, schema)
  }

  private func write(to program: Program, _ content: () -> Void) {
    let outer = self.program
    self.program = program
    content()
    self.program = outer
  }

  private func compile(in template: ParsedTemplate, _ scope: Scope) {
    var chain = [template]
    while let layout = chain[chain.count - 1].layout {
      let source = chain[chain.count - 1].source
      guard let parent = templates[layout.name] else {
        report("unknown layout “\(layout.name)”\(suggestion(layout.name))", layout.position, 6, source)
        return
      }
      guard !chain.contains(where: { $0.source.name == layout.name }), chain.count < 10 else {
        report("circular layouts", layout.position, 6, source)
        return
      }
      used.insert(layout.name)
      chain.append(parent)
    }
    var overrides: [String: Override] = [:]
    for (depth, template) in chain.dropLast().enumerated() {
      collect(template, isPage: depth == 0, scope, into: &overrides)
    }
    blocks = overrides
    defer { blocks = [:] }
    let root = chain[chain.count - 1]
    var frame = Scope()
    frame.nextSlot = 1
    compile(root.body, frame, root.source)
    for (name, override) in overrides where !override.isPlaced {
      report("the layout has no block “\(name)”", override.position, name.count, override.source)
    }
  }

  private final class Override {
    let body: [Syntax]
    let source: Source
    let scope: Scope?
    let position: Position
    var isPlaced = false

    init(body: [Syntax], source: Source, scope: Scope?, position: Position) {
      self.body = body
      self.source = source
      self.scope = scope
      self.position = position
    }
  }

  private var blocks: [String: Override] = [:]

  /// The most derived template's block wins. Content outside of a page's blocks would be lost, so only `set` and white
  /// space are allowed there.
  private func collect(_ template: ParsedTemplate, isPage: Bool, _ scope: Scope, into overrides: inout [String: Override]) {
    for node in template.body {
      switch node {
      case .block(let name, let position, let body):
        if overrides[name] == nil {
          overrides[name] = Override(body: body, source: template.source, scope: isPage ? scope : nil, position: position)
        }
      case .text(let bytes) where bytes.allSatisfy({ $0 == 32 || $0 == 10 || $0 == 13 || $0 == 9 }): break
      default:
        report("content outside of blocks is lost in a template with a layout", template.layout?.position ?? Position(), 1, template.source)
      }
    }
  }

  private func suggestion(_ name: String) -> String { Spelling.suggestion(for: name, among: Array(templates.keys)) }

  // MARK: Nodes

  func compile(_ nodes: [Syntax], _ scope: Scope, _ source: Source) {
    var scope = scope
    for node in nodes { compile(node, &scope, source) }
    program.frameSize = max(program.frameSize, scope.nextSlot)
  }

  private func compile(_ node: Syntax, _ scope: inout Scope, _ source: Source) {
    switch node {
    case .text(let bytes): program.add(text: bytes)
    case .output(let expr, let escaping): output(expr, escaping, scope, source)
    case .branches(let branches, let otherwise): self.branches(branches, otherwise, scope, source)
    case .loop(let variable, let list, let body, let empty): loop(variable, list, body, empty, scope, source)
    case .set(let name, let expr):
      let (value, kind) = evaluation(expr, scope, source)
      let slot = scope.nextSlot
      scope.nextSlot += 1
      scope.locals[name] = (Local(slot), kind)
      scope.present = scope.present.filter { $0 != name && !$0.hasPrefix(name + ".") }
      program.add(Instruction(operation: .assign, place: program.place(of: value), extra: Int32(slot)))
    case .block(let name, _, let body):
      guard let override = blocks[name] else { return compile(body, scope, source) }
      override.isPlaced = true
      var own = override.scope ?? scope
      own.nextSlot = max(own.nextSlot, scope.nextSlot)
      compile(override.body, own, override.source)
    case .partial(let call): partial(call, scope, source)
    }
  }

  private func output(_ expr: Expr, _ escaping: Escaping, _ scope: Scope, _ source: Source) {
    if let body = scope.body, case .name("body") = expr.node { return body.show(nextSlot: scope.nextSlot) }
    let (value, kind) = evaluation(expr, scope, source)
    switch kind {
    case .optional:
      report(
        "possibly missing: test it with {% if \(expr.path ?? "…") %} first, or use |default(\"…\")", expr.position, expr.length, source)
    case .bool, .list, .record: report("\(kind.description) can’t be output as text", expr.position, expr.length, source)
    case .fragment where escaping != .text: report("templates aren’t allowed in attributes", expr.position, expr.length, source)
    case .html where escaping == .url: report("HTML can’t be used as a URL", expr.position, expr.length, source)
    case .any, .int, .text, .html, .slot, .fragment: break
    }
    if let constant = value as? Constant, case .text(let text) = constant.constant, escaping != .url {
      return program.add(text: Escape.html(text))
    }
    let fault = program.add(failure(expr, source))
    program.add(Instruction(operation: kind.show, escaping: escaping, place: program.place(of: value), extra: Int32(fault)))
  }

  func failure(_ expr: Expr, _ source: Source) -> @Sendable (String) -> TemplateError {
    let (position, length) = (expr.position, expr.length)
    return { TemplateError($0, at: position, length: length, in: source) }
  }

  private func branches(
    _ branches: [(condition: Expr, body: [Syntax])], _ otherwise: [Syntax], _ scope: Scope, _ source: Source
  ) {
    var scope = scope
    var exits: [Int] = []
    // In a partial that was given a literal, a condition can be known at compile time. The branch not taken is checked
    // and dropped.
    var isDecided = false
    for (condition, body) in branches {
      let (test, kind) = evaluation(condition, scope, source)
      let known = isDecided ? false : (test as? Constant)?.constant.isTrue
      var inside = scope
      inside.present.formUnion(Self.paths(present: true, in: condition))
      // In the following branches the condition is known to be false.
      scope.present.formUnion(Self.paths(present: false, in: condition))
      switch known {
      case true?:
        compile(body, inside, source)
        isDecided = true
      case false?:
        checkOnly(body, inside, source)
      case nil:
        let fault = program.add(failure(condition, source))
        let skip = program.add(Instruction(operation: kind.jumpUnless, place: program.place(of: test), extra: Int32(fault)))
        compile(body, inside, source)
        exits.append(program.add(Instruction(operation: .jump)))
        program.land(skip)
      }
    }
    isDecided ? checkOnly(otherwise, scope, source) : compile(otherwise, scope, source)
    for exit in exits { program.land(exit) }
  }

  private func checkOnly(_ nodes: [Syntax], _ scope: Scope, _ source: Source) {
    write(to: Program()) { compile(nodes, scope, source) }
  }

  /// The paths known to be present if a condition holds (or, for `present: false`, if it doesn't).
  static func paths(present: Bool, in condition: Expr) -> Set<String> {
    switch condition.node {
    case .not(let inner): return paths(present: !present, in: inner)
    case .and(let a, let b) where present: return paths(present: true, in: a).union(paths(present: true, in: b))
    case .or(let a, let b) where !present: return paths(present: false, in: a).union(paths(present: false, in: b))
    case .compare("!=", let a, let b) where present: return isNull(b) ? path(a) : []
    case .compare("==", let a, let b) where present: return isPresent(b) ? path(a) : []
    case .compare("==", let a, let b): return isNull(b) ? path(a) : []
    default: return present ? path(condition) : []
    }
  }

  private static func isNull(_ expr: Expr) -> Bool {
    if case .literal(.null) = expr.node { return true }
    return false
  }

  /// A literal other than null. Two equal values could both be missing.
  private static func isPresent(_ expr: Expr) -> Bool {
    if case .literal = expr.node { return !isNull(expr) }
    return false
  }

  private static func path(_ expr: Expr) -> Set<String> { expr.path.map { [$0] } ?? [] }

  private func loop(
    _ variable: String, _ list: Expr, _ body: [Syntax], _ empty: [Syntax], _ scope: Scope, _ source: Source
  ) {
    let (value, kind) = evaluation(list, scope, source)
    let item: Kind
    switch kind {
    case .list(let kind): item = kind
    case .any: item = .any
    default:
      report("expected a list, found \(kind.description)", list.position, list.length, source)
      item = .any
    }
    var inside = scope
    let slot = inside.nextSlot
    inside.nextSlot += 4
    inside.locals[variable] = (Local(slot), item)
    inside.loop = slot
    inside.present = inside.present.filter { $0 != variable && !$0.hasPrefix(variable + ".") }
    let enter = program.add(Instruction(operation: .enterLoop, place: program.place(of: value), extra: Int32(slot)))
    let start = program.end
    compile(body, inside, source)
    program.add(Instruction(operation: .nextItem, target: Int32(start), extra: Int32(slot)))
    let exit = empty.isEmpty ? nil : program.add(Instruction(operation: .jump))
    program.land(enter)
    compile(empty, scope, source)
    if let exit { program.land(exit) }
  }

  // MARK: Partials

  private func partial(_ call: PartialCall, _ scope: Scope, _ source: Source) {
    guard let template = templates[call.name], let parameters = template.parameters else {
      let reason =
        templates[call.name] == nil
        ? "unknown partial “\(call.name)”\(suggestion(call.name))" : "“\(call.name)” isn’t a partial: it has no {% args %}"
      report(reason, call.position, call.body == nil ? 7 : 4, source)
      return
    }
    used.insert(call.name)
    for argument in call.arguments where !parameters.contains(where: { $0.name == argument.name }) {
      report(
        "“\(call.name)” has no argument “\(argument.name)”\(Spelling.suggestion(for: argument.name, among: parameters.map(\.name)))",
        argument.position, argument.name.count, source)
    }
    guard !expanding.contains(call.name) else {
      let circle = (expanding + [call.name]).drop { $0 != call.name }.joined(separator: " → ")
      report("circular partials: \(circle)", call.position, call.body == nil ? 7 : 4, source)
      return
    }
    expansions += 1
    guard expansions <= Self.mostExpansions else {
      guard expansions == Self.mostExpansions + 1 else { return }
      report("this page expands more than \(Self.mostExpansions) partials", call.position, 7, source)
      return
    }
    var inside = Scope()
    inside.nextSlot = scope.nextSlot
    for parameter in parameters {
      let given = call.arguments.first { $0.name == parameter.name }?.value
      guard let expr = given ?? parameter.fallback else {
        report("“\(call.name)” needs the argument “\(parameter.name)”", call.position, call.body == nil ? 7 : 4, source)
        inside.locals[parameter.name] = (Constant(.null), .any)
        continue
      }
      let (value, kind) = evaluation(expr, given == nil ? Scope() : scope, given == nil ? template.source : source)
      inside.locals[parameter.name] = (kept(value, in: &inside), kind)
    }
    inside.body = call.body.map { body($0, scope, source) }
    let outer = blocks
    blocks = [:]
    expanding.append(call.name)
    compile(template.body, inside, template.source)
    expanding.removeLast()
    blocks = outer
    if inside.body?.isShown == false { report("“\(call.name)” has no {{ body }} for this content", call.position, 4, source) }
  }

  private func body(_ content: [Syntax], _ scope: Scope, _ source: Source) -> Scope.Body {
    let (calling, known) = (expanding, blocks)
    return Scope.Body { nextSlot in
      let inner = (self.expanding, self.blocks)
      (self.expanding, self.blocks) = (calling, known)
      var inside = scope
      inside.nextSlot = max(inside.nextSlot, nextSlot)
      self.compile(content, inside, source)
      (self.expanding, self.blocks) = inner
    }
  }

  /// Computed arguments are evaluated once, before the partial; all others are read in place.
  private func kept(_ value: Evaluation, in scope: inout Scope) -> Evaluation {
    let place = program.place(of: value)
    guard place.kind == .computed else { return value }
    let slot = scope.nextSlot
    scope.nextSlot += 1
    program.add(Instruction(operation: .assign, place: place, extra: Int32(slot)))
    return Local(slot)
  }
}

extension Kind {
  fileprivate var show: Instruction.Operation {
    switch self {
    case .slot: .showSlot
    case .fragment: .renderFragment
    default: .show
    }
  }

  fileprivate var jumpUnless: Instruction.Operation {
    if case .slot = self { return .splitUnless }
    return .jumpUnless
  }
}
