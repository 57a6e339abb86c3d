import Store

extension Predicate {
  /// What an address's `filter` says: one of the list's named filters, or a predicate. Everything in it is looked at: that the list has the field and
  /// the visitor may ask for it, that the operator is one of the field's, and that each value is one, which gets its exact form.
  package init(_ text: String, for list: ListDefinition, mayAsk: (Resource) -> Bool) throws(HTTPError) {
    if let named = list.filters.first(where: { $0.id == text }) {
      self = named.predicate
    } else {
      do throws(InvalidFilter) {
        self = try Predicate(parsing: text)
      } catch {
        throw .badRequest(error.message)
      }
    }
    self = try checked(for: list, mayAsk: mayAsk)
  }

  func checked(for list: ListDefinition, mayAsk: (Resource) -> Bool) throws(HTTPError) -> Predicate {
    try map { condition throws(HTTPError) in try condition.checked(for: list, mayAsk: mayAsk) }.normalized
  }

  /// What all that the filter asks of a list's records comes to.
  func sql(in list: ListDefinition, _ moment: FilterMoment) -> SQL {
    switch self {
    case .and(let parts): "(\(SQL(joining: parts.map { $0.sql(in: list, moment) }, separator: " AND ")))"
    case .or(let parts): "(\(SQL(joining: parts.map { $0.sql(in: list, moment) }, separator: " OR ")))"
    case .not(let part): "NOT coalesce(\(part.sql(in: list, moment)), false)"
    case .condition(let condition): condition.sql(in: list, moment)
    }
  }
}

extension Predicate.Condition {
  fileprivate func checked(for list: ListDefinition, mayAsk: (Resource) -> Bool) throws(HTTPError) -> Self {
    guard let known = list.field(field), known.resource.map(mayAsk) ?? true else {
      throw .badRequest(Message("This list can’t be filtered by “{name}”.", ["name": String(field.prefix(40))]))
    }
    guard known.operators.contains(self.operator) else {
      throw .badRequest(
        Message(
          "A filter can’t ask “{name}” of {field}. It can ask: {others}",
          [
            "name": self.operator.rawValue, "field": field, "others": known.operators.map(\.rawValue).joined(separator: ", "),
          ]))
    }
    var checked = self
    do throws(InvalidValue) {
      checked.values = []
      for value in values { checked.values.append(try known.comparison.operand(value, of: self.operator)) }
      try known.comparison.check(checked.values, of: self.operator)
    } catch {
      throw .badRequest(error.message)
    }
    return checked
  }

  func sql(in list: ListDefinition, _ moment: FilterMoment) -> SQL {
    guard let known = list.field(field) else { return "false" }
    return known.comparison.condition(self.operator, values, on: known.place, moment)
  }
}
