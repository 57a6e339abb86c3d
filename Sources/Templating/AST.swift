/// The parsed template, before names are resolved.
indirect enum Syntax {
  case text([UInt8])
  case output(Expr, Escaping)
  case branches([(condition: Expr, body: [Syntax])], otherwise: [Syntax])
  case loop(variable: String, over: Expr, body: [Syntax], empty: [Syntax])
  case set(name: String, Expr)
  case block(name: String, position: Position, body: [Syntax])
  case partial(PartialCall)
}

/// `{% partial "shared/field" label=… %}`, or `{% call … %}…{% endcall %}` with a body.
struct PartialCall {
  let name: String
  let position: Position
  let arguments: [(name: String, value: Expr, position: Position)]
  let body: [Syntax]?
}

/// An expression with its position in the source.
struct Expr {
  indirect enum Node {
    case literal(Value)
    case name(String)
    case field(Expr, String)
    case not(Expr)
    case and(Expr, Expr)
    case or(Expr, Expr)
    case compare(String, Expr, Expr)
    case contains(item: Expr, in: Expr)
    case choose(Expr, if: Expr, else: Expr)
    case concat(Expr, Expr)
    case add(Expr, Expr, sign: Int)
    case filter(String, Expr, [Expr])
    case translate([Expr], named: [(name: String, value: Expr)])
  }

  let node: Node
  let position: Position
  let length: Int

  /// `contact.company` for names and their fields, which identifies an earlier test.
  var path: String? {
    switch node {
    case .name(let name): name
    case .field(let base, let field): base.path.map { $0 + "." + field }
    default: nil
    }
  }
}

/// A parsed file.
struct ParsedTemplate {
  let source: Source
  var layout: (name: String, position: Position)?
  /// A partial's parameters; `nil` for a page or a layout.
  var parameters: [(name: String, fallback: Expr?)]?
  var body: [Syntax] = []
}
