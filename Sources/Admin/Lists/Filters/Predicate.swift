/// What a filter asks of a record: a tree of conditions. In its normal form, so that filters that mean the same by the same conditions are equal.
package indirect enum Predicate: Hashable, Sendable {
  case and([Predicate])
  case or([Predicate])
  case not(Predicate)
  case condition(Condition)

  /// One question to one field, with the values as addresses have them.
  package struct Condition: Hashable, Sendable {
    package var field: String
    package var `operator`: FilterOperator
    package var values: [String]

    package init(_ field: String, _ operator: FilterOperator, _ values: [String] = []) {
      self.field = field
      self.operator = `operator`
      self.values = values
    }
  }

  /// A condition in one line, for declarations.
  package static func `where`(_ field: String, _ operator: FilterOperator, _ values: String...) -> Predicate {
    .condition(Condition(field, `operator`, values)).normalized
  }

  /// The same in its normal form: nothing twice, nothing inside its like, an order that doesn't depend on how it was typed, and no `not` where an
  /// operator says it.
  package var normalized: Predicate {
    switch self {
    case .and(let parts): return Self.joined(parts, Self.and) { if case .and(let inner) = $0 { inner } else { nil } }
    case .or(let parts): return Self.joined(parts, Self.or) { if case .or(let inner) = $0 { inner } else { nil } }
    case .not(let part):
      switch part.normalized {
      case .not(let inner): return inner
      case .condition(let condition):
        guard let opposite = condition.operator.opposite else { return .not(.condition(condition)) }
        return .condition(Condition(condition.field, opposite, condition.values))
      case let other: return .not(other)
      }
    case .condition(var condition):
      if condition.operator.arity == .several { condition.values = Set(condition.values).sorted() }
      return .condition(condition)
    }
  }

  private static func joined(
    _ parts: [Predicate], _ join: ([Predicate]) -> Predicate, _ inner: (Predicate) -> [Predicate]?
  ) -> Predicate {
    let flat = Set(parts.flatMap { part in inner(part.normalized) ?? [part.normalized] })
    let sorted = flat.map { (part: $0, text: $0.text) }.sorted { $0.text < $1.text }.map(\.part)
    return sorted.count == 1 ? sorted[0] : join(sorted)
  }

  /// All conditions, in the order in which they are written.
  package var conditions: [Condition] {
    switch self {
    case .and(let parts), .or(let parts): parts.flatMap(\.conditions)
    case .not(let part): part.conditions
    case .condition(let condition): [condition]
    }
  }

  /// What has to hold, all of it.
  var conjuncts: [Predicate] {
    if case .and(let parts) = self { parts } else { [self] }
  }

  /// The same with each condition changed.
  func map<E: Error>(_ change: (Condition) throws(E) -> Condition) throws(E) -> Predicate {
    func all(_ parts: [Predicate]) throws(E) -> [Predicate] {
      var changed: [Predicate] = []
      for part in parts { changed.append(try part.map(change)) }
      return changed
    }
    switch self {
    case .and(let parts): return .and(try all(parts))
    case .or(let parts): return .or(try all(parts))
    case .not(let part): return .not(try part.map(change))
    case .condition(let condition): return .condition(try change(condition))
    }
  }

  /// The same with another in the place of the n-th of `conditions`.
  func replacing(_ index: Int, with other: Condition) -> Predicate {
    var n = -1
    return map { condition in
      n += 1
      return n == index ? other : condition
    }.normalized
  }

  /// What is left without the n-th of `conditions`; `nil` for nothing.
  package func removing(_ index: Int) -> Predicate? {
    var index = index
    return removing(&index)?.normalized
  }

  private func removing(_ index: inout Int) -> Predicate? {
    func rest(_ parts: [Predicate], _ index: inout Int) -> [Predicate] {
      var left: [Predicate] = []
      for part in parts { if let part = part.removing(&index) { left.append(part) } }
      return left
    }
    switch self {
    case .and(let parts):
      let left = rest(parts, &index)
      return left.isEmpty ? nil : .and(left)
    case .or(let parts):
      let left = rest(parts, &index)
      return left.isEmpty ? nil : .or(left)
    case .not(let part): return part.removing(&index).map { .not($0) }
    case .condition:
      index -= 1
      return index == -1 ? nil : self
    }
  }
}
