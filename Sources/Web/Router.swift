/// Finds the handler for a method and a path. Built once from a table of routes; immutable after.
///
/// A tree of path segments. Where a literal segment and a placeholder both lead on, the literal goes first, segment by segment from the left.
/// The first pattern that fits the whole path and has the method decides.
package struct Router<Handler: Sendable>: Sendable {
  /// What a method and a path lead to.
  package enum Match: Sendable {
    case found(Handler, Parameters)
    /// The path exists, for these methods only.
    case methodNotAllowed([Request.Method])
    case notFound
  }

  private struct Leaf: Sendable {
    let method: Request.Method
    let pattern: String
    let names: [String]
    let handler: Handler
  }

  private struct Node: Sendable {
    var literals: [String: Int] = [:]
    var placeholder: Int?
    var leaves: [Leaf] = []
  }

  /// Method and pattern of every route, in the order of the table.
  package let routes: [(method: Request.Method, pattern: String)]
  private var nodes = [Node()]

  /// A router for this table. Fails on a malformed pattern, and on two routes that answer the same requests.
  package init(_ routes: [(Request.Method, String, Handler)]) throws(RouteError) {
    self.routes = routes.map { (method: $0.0, pattern: $0.1) }
    for (method, text, handler) in routes {
      let pattern = try RoutePattern(text)
      let node = insert(pattern)
      if let other = nodes[node].leaves.first(where: { $0.method == method }) {
        throw RouteError("\(method.rawValue) \(text) answers the same requests as \(method.rawValue) \(other.pattern)")
      }
      nodes[node].leaves.append(Leaf(method: method, pattern: text, names: pattern.placeholders, handler: handler))
    }
  }

  /// The route for a request. `path` is that of `Request`: decoded segments. HEAD is answered by GET's route unless it has its own.
  package func find(_ method: Request.Method, _ path: [String]) -> Match {
    if let found = route(method, path) ?? (method == .head ? route(.get, path) : nil) { return found }
    let allowed = Request.Method.allCases.filter { other in
      route(other, path) != nil || other == .head && route(.get, path) != nil
    }
    return allowed.isEmpty ? .notFound : .methodNotAllowed(allowed)
  }

  private func route(_ method: Request.Method, _ path: [String]) -> Match? {
    var values: [String] = []
    guard let leaf = walk(path[...], method, from: 0, &values) else { return nil }
    return .found(leaf.handler, Parameters(names: leaf.names, values: values))
  }

  /// The route at the path's end. Each node has one way to it, so this visits none twice, however the segments are chosen.
  private func walk(_ path: ArraySlice<String>, _ method: Request.Method, from index: Int, _ values: inout [String]) -> Leaf? {
    guard let segment = path.first else { return nodes[index].leaves.first { $0.method == method } }
    if let literal = nodes[index].literals[segment], let leaf = walk(path.dropFirst(), method, from: literal, &values) { return leaf }
    guard let placeholder = nodes[index].placeholder else { return nil }
    values.append(segment)
    if let leaf = walk(path.dropFirst(), method, from: placeholder, &values) { return leaf }
    values.removeLast()
    return nil
  }

  private mutating func insert(_ pattern: RoutePattern) -> Int {
    var index = 0
    for segment in pattern.segments {
      let known =
        switch segment {
        case .literal(let text): nodes[index].literals[text]
        case .placeholder: nodes[index].placeholder
        }
      if let known {
        index = known
        continue
      }
      nodes.append(Node())
      let next = nodes.count - 1
      switch segment {
      case .literal(let text): nodes[index].literals[text] = next
      case .placeholder: nodes[index].placeholder = next
      }
      index = next
    }
    return index
  }
}
