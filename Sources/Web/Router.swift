/// Finds the handler for a method and a path. Built once from a table of routes; immutable afterwards.
///
/// A tree of path segments. If a literal segment and a placeholder both match, the literal is tried first, segment by
/// segment from the left. The first pattern that matches the whole path and has the method wins.
package struct Router<Handler: Sendable>: Sendable {
  /// The result for a method and a path.
  package enum Match: Sendable {
    case found(Handler, Parameters)
    /// The path exists, for these methods only.
    case methodNotAllowed([Request.Method])
    case notFound
  }

  /// Method and pattern of every route, in the order of the table.
  package let routes: [(method: Request.Method, pattern: String)]
  private let handlers: [Handler]
  private var tree = RouteTree()

  /// A router for this table. Throws on a malformed pattern, and on two routes for the same requests.
  package init(_ routes: [(Request.Method, String, Handler)]) throws(RouteError) {
    self.routes = routes.map { (method: $0.0, pattern: $0.1) }
    handlers = routes.map(\.2)
    for (number, (method, text, _)) in routes.enumerated() {
      let pattern = try RoutePattern(text)
      if let other = tree.insert(RouteTree.Leaf(method: method, names: pattern.placeholders, number: number), at: pattern) {
        throw RouteError("\(method.rawValue) \(text) matches the same requests as \(method.rawValue) \(routes[other].1)")
      }
    }
  }

  /// The route for a request. `path` is that of `Request`: decoded segments. HEAD uses GET's route unless it has its
  /// own.
  package func find(_ method: Request.Method, _ path: [String]) -> Match {
    if let (leaf, values) = route(method, path) {
      return .found(handlers[leaf.number], Parameters(names: leaf.names, values: values))
    }
    let allowed = Request.Method.allCases.filter { route($0, path) != nil }
    return allowed.isEmpty ? .notFound : .methodNotAllowed(allowed)
  }

  private func route(_ method: Request.Method, _ path: [String]) -> (RouteTree.Leaf, [String])? {
    tree.find(method, path) ?? (method == .head ? tree.find(.get, path) : nil)
  }
}

/// The table as a tree, whose leaves are indices of routes. Not generic over handlers, so that it is compiled only
/// once.
private struct RouteTree: Sendable {
  struct Leaf: Sendable {
    let method: Request.Method
    let names: [String]
    let number: Int
  }

  private struct Node: Sendable {
    var literals: [String: Int] = [:]
    var placeholder: Int?
    var leaves: [Leaf] = []
  }

  private var nodes = [Node()]

  /// The route at a path's end, and the values of its placeholders.
  func find(_ method: Request.Method, _ path: [String]) -> (Leaf, [String])? {
    var values: [String] = []
    return walk(path[...], method, from: 0, &values).map { ($0, values) }
  }

  /// There is only one path to each node, so none is visited twice, however the segments are chosen.
  private func walk(_ path: ArraySlice<String>, _ method: Request.Method, from index: Int, _ values: inout [String]) -> Leaf? {
    guard let segment = path.first else { return nodes[index].leaves.first { $0.method == method } }
    if let literal = nodes[index].literals[segment], let leaf = walk(path.dropFirst(), method, from: literal, &values) { return leaf }
    guard let placeholder = nodes[index].placeholder else { return nil }
    values.append(segment)
    if let leaf = walk(path.dropFirst(), method, from: placeholder, &values) { return leaf }
    values.removeLast()
    return nil
  }

  /// Adds a route; returns the index of an existing route for the same requests, if there is one.
  mutating func insert(_ leaf: Leaf, at pattern: RoutePattern) -> Int? {
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
    if let other = nodes[index].leaves.first(where: { $0.method == leaf.method }) { return other.number }
    nodes[index].leaves.append(leaf)
    return nil
  }
}
