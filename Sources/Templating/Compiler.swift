/// Syntax → code: names are looked up, kinds checked, partials compiled for the kinds that they are called with.
final class Compiler {
  private let templates: [String: ParsedTemplate]
  let globals: Shape
  let filters: [String: FilterDefinition]
  private var partials: [String: CompiledPartial] = [:]
  private(set) var used: Set<String> = []
  private(set) var errors: [TemplateError] = []
  private(set) var messages: [TemplateMessage] = []
  /// The most slots that the frame being compiled has needed.
  private var highest = 0

  init(_ templates: [String: ParsedTemplate], globals: Shape, filters: [String: FilterDefinition]) {
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

  /// A page: its blocks in the place of its layout's.
  func page(_ name: String, _ shape: Shape) -> Code? {
    guard let template = templates[name] else { return nil }
    used.insert(name)
    var scope = Scope()
    scope.page = (slot: 0, shape: shape)
    scope.nextSlot = 1
    return template.layout == nil ? compile(template.body, scope, template.source) : compile(in: template, scope)
  }

  private func compile(in template: ParsedTemplate, _ scope: Scope) -> Code {
    var chain = [template]
    while let layout = chain[chain.count - 1].layout {
      let source = chain[chain.count - 1].source
      guard let parent = templates[layout.name] else {
        report("there is no layout “\(layout.name)”\(suggestion(layout.name))", layout.position, 6, source)
        return Code()
      }
      guard !chain.contains(where: { $0.source.name == layout.name }), chain.count < 10 else {
        report("the layouts go round in a circle", layout.position, 6, source)
        return Code()
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
    let code = compile(root.body, frame, root.source)
    for (name, override) in overrides where !override.isPlaced {
      report("the layout has no block “\(name)”", override.position, name.count, override.source)
    }
    return code
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

  /// The most derived template's block counts. What a page says outside its blocks is lost, so only `set` and white space may stand there.
  private func collect(_ template: ParsedTemplate, isPage: Bool, _ scope: Scope, into overrides: inout [String: Override]) {
    for node in template.body {
      switch node {
      case .block(let name, let position, let body):
        if overrides[name] == nil {
          overrides[name] = Override(body: body, source: template.source, scope: isPage ? scope : nil, position: position)
        }
      case .text(let bytes) where bytes.allSatisfy({ $0 == 32 || $0 == 10 || $0 == 13 || $0 == 9 }): break
      default:
        report("outside its blocks a template with a layout shows nothing", template.layout?.position ?? Position(), 1, template.source)
      }
    }
  }

  private func suggestion(_ name: String) -> String { Spelling.suggestion(for: name, among: Array(templates.keys)) }

  // MARK: Nodes

  func compile(_ nodes: [Syntax], _ scope: Scope, _ source: Source) -> Code {
    var scope = scope
    var parts: [Code] = []
    for node in nodes { parts.append(compile(node, &scope, source)) }
    highest = max(highest, scope.nextSlot)
    return parts.count == 1 ? parts[0] : Sequence(parts)
  }

  private func compile(_ node: Syntax, _ scope: inout Scope, _ source: Source) -> Code {
    switch node {
    case .text(let bytes): return StaticText(bytes)
    case .output(let expr, let escaping): return output(expr, escaping, scope, source)
    case .branches(let branches, let otherwise): return self.branches(branches, otherwise, scope, source)
    case .loop(let variable, let list, let body, let empty): return loop(variable, list, body, empty, scope, source)
    case .set(let name, let expr):
      let (value, kind) = evaluation(expr, scope, source)
      let slot = scope.nextSlot
      scope.nextSlot += 1
      scope.locals[name] = (slot, kind)
      scope.present = scope.present.filter { $0 != name && !$0.hasPrefix(name + ".") }
      return Assignment(slot: slot, value)
    case .block(let name, _, let body):
      guard let override = blocks[name] else { return compile(body, scope, source) }
      override.isPlaced = true
      var own = override.scope ?? scope
      own.nextSlot = max(own.nextSlot, scope.nextSlot)
      return compile(override.body, own, override.source)
    case .partial(let call): return partial(call, scope, source)
    }
  }

  private func output(_ expr: Expr, _ escaping: Escaping, _ scope: Scope, _ source: Source) -> Code {
    if scope.hasBody, case .name("body") = expr.node { return BodyOutput() }
    let (value, kind) = evaluation(expr, scope, source)
    switch kind {
    case .optional:
      report(
        "this may be missing: ask with {% if \(expr.path ?? "…") %} first, or write |default(\"…\")", expr.position, expr.length, source)
    case .bool, .list, .record: report("\(kind.description) can’t be shown as text", expr.position, expr.length, source)
    case .html where escaping == .url: report("markup is no address", expr.position, expr.length, source)
    case .any, .int, .text, .html: break
    }
    if let constant = value as? Constant, case .text(let text) = constant.constant, escaping != .url {
      var bytes: [UInt8] = []
      Escape.html(text, into: &bytes)
      return StaticText(bytes)
    }
    return Output(value, escaping, failure(expr, source))
  }

  func failure(_ expr: Expr, _ source: Source) -> @Sendable (String) -> TemplateError {
    let (position, length) = (expr.position, expr.length)
    return { TemplateError($0, at: position, length: length, in: source) }
  }

  private func branches(
    _ branches: [(condition: Expr, body: [Syntax])], _ otherwise: [Syntax], _ scope: Scope, _ source: Source
  ) -> Code {
    var scope = scope
    let compiled = branches.map { condition, body in
      let test = evaluation(condition, scope, source).0
      var inside = scope
      inside.present.formUnion(Self.paths(present: true, in: condition))
      // In the branches after this one the condition is known not to hold.
      scope.present.formUnion(Self.paths(present: false, in: condition))
      return (condition: test, body: compile(body, inside, source))
    }
    return Branches(compiled, otherwise: compile(otherwise, scope, source))
  }

  /// The paths that are there when a condition holds (or, for `present: false`, when it does not).
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

  /// A literal other than null. Of two values that are equal both may be missing.
  private static func isPresent(_ expr: Expr) -> Bool {
    if case .literal = expr.node { return !isNull(expr) }
    return false
  }

  private static func path(_ expr: Expr) -> Set<String> { expr.path.map { [$0] } ?? [] }

  private func loop(
    _ variable: String, _ list: Expr, _ body: [Syntax], _ empty: [Syntax], _ scope: Scope, _ source: Source
  ) -> Code {
    let (value, kind) = evaluation(list, scope, source)
    let item: Kind
    switch kind {
    case .list(let kind): item = kind
    case .any: item = .any
    default:
      report("this is \(kind.description), not a list", list.position, list.length, source)
      item = .any
    }
    var inside = scope
    let slot = inside.nextSlot
    inside.nextSlot += 3
    inside.locals[variable] = (slot, item)
    inside.loop = slot
    inside.present = inside.present.filter { $0 != variable && !$0.hasPrefix(variable + ".") }
    return Loop(slot: slot, list: value, body: compile(body, inside, source), empty: compile(empty, scope, source))
  }

  // MARK: Partials

  private func partial(_ call: PartialCall, _ scope: Scope, _ source: Source) -> Code {
    guard let template = templates[call.name], let parameters = template.parameters else {
      let reason =
        templates[call.name] == nil
        ? "there is no partial “\(call.name)”\(suggestion(call.name))" : "“\(call.name)” is no partial: it has no {% args %}"
      report(reason, call.position, call.body == nil ? 7 : 4, source)
      return Code()
    }
    used.insert(call.name)
    for argument in call.arguments where !parameters.contains(where: { $0.name == argument.name }) {
      report(
        "“\(call.name)” takes no “\(argument.name)”\(Spelling.suggestion(for: argument.name, among: parameters.map(\.name)))",
        argument.position, argument.name.count, source)
    }
    var values: [Evaluation] = []
    var kinds: [Kind] = []
    for parameter in parameters {
      let given = call.arguments.first { $0.name == parameter.name }?.value
      guard let expr = given ?? parameter.fallback else {
        report("“\(call.name)” needs “\(parameter.name)”", call.position, call.body == nil ? 7 : 4, source)
        values.append(Constant(.null))
        kinds.append(.any)
        continue
      }
      let (value, kind) = evaluation(expr, given == nil ? Scope() : scope, given == nil ? template.source : source)
      values.append(value)
      kinds.append(kind)
    }
    let body = call.body.map { compile($0, scope, source) }
    let frameSize = max(highest, scope.nextSlot)
    let target = compiled(template, parameters.map(\.name), kinds, hasBody: body != nil)
    let position = call.position
    return PartialInvocation(target, values, body: body, frameSize: frameSize) { TemplateError($0, at: position, length: 7, in: source) }
  }

  private func compiled(_ template: ParsedTemplate, _ names: [String], _ kinds: [Kind], hasBody: Bool) -> CompiledPartial {
    let key = "\(template.source.name)(\(kinds.map(\.signature).joined(separator: ",")))\(hasBody ? "+" : "")"
    if let known = partials[key] { return known }
    let partial = CompiledPartial()
    partials[key] = partial
    var scope = Scope()
    for (slot, name) in names.enumerated() { scope.locals[name] = (slot, kinds[slot]) }
    scope.nextSlot = names.count
    scope.hasBody = hasBody
    let outer = (highest, blocks)
    (highest, blocks) = (scope.nextSlot, [:])
    partial.code = compile(template.body, scope, template.source)
    (highest, blocks) = outer
    return partial
  }
}
