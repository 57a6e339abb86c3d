/// What a filter can ask of a field. The raw value is how addresses write it.
package enum FilterOperator: String, Sendable, CaseIterable {
  case isAnyOf = "is"
  case isNoneOf = "is_not"
  case beginsWith = "begins_with"
  /// Of a text: all words of what is looked for; of several choices: any of them.
  case has
  case hasAll = "has_all"
  case hasNone = "has_none"
  case below
  case atMost = "at_most"
  case above
  case atLeast = "at_least"
  case before, until, after, since
  case between
  case isEmpty = "is_empty"
  case isNotEmpty = "is_not_empty"

  /// How many values it takes.
  package enum Arity: Sendable {
    case none, one, two, several
  }

  package var arity: Arity {
    switch self {
    case .isEmpty, .isNotEmpty: .none
    case .beginsWith, .below, .atMost, .above, .atLeast, .before, .until, .after, .since: .one
    case .between: .two
    case .isAnyOf, .isNoneOf, .has, .hasAll, .hasNone: .several
    }
  }

  /// The one that holds for every record for which this one does not.
  package var opposite: FilterOperator? {
    switch self {
    case .isAnyOf: .isNoneOf
    case .isNoneOf: .isAnyOf
    case .has: .hasNone
    case .hasNone: .has
    case .isEmpty: .isNotEmpty
    case .isNotEmpty: .isEmpty
    default: nil
    }
  }

  /// What a form calls it, between a field and a value.
  var label: String {
    switch self {
    case .isAnyOf: "is"
    case .isNoneOf: "is not"
    case .beginsWith: "begins with"
    case .has: "contains"
    case .hasAll: "contains all of"
    case .hasNone: "doesn’t contain"
    case .below: "is below"
    case .atMost: "is at most"
    case .above: "is above"
    case .atLeast: "is at least"
    case .before: "is before"
    case .until: "is on or before"
    case .after: "is after"
    case .since: "is on or after"
    case .between: "is between"
    case .isEmpty: "is empty"
    case .isNotEmpty: "is not empty"
    }
  }

  /// How it reads, for a person.
  func phrase(_ field: String, _ values: [String], or: (String, String) -> String, and: (String, String) -> String) -> Message {
    let joined = values.dropFirst().reduce(values.first ?? "", self == .hasAll ? and : or)
    let text =
      switch self {
      case .isAnyOf: "{field} is {value}"
      case .isNoneOf: "{field} is not {value}"
      case .beginsWith: "{field} begins with {value}"
      case .has: "{field} contains {value}"
      case .hasAll: "{field} contains {value}"
      case .hasNone: "{field} doesn’t contain {value}"
      case .below: "{field} is below {value}"
      case .atMost: "{field} is at most {value}"
      case .above: "{field} is above {value}"
      case .atLeast: "{field} is at least {value}"
      case .before: "{field} is before {value}"
      case .until: "{field} is on or before {value}"
      case .after: "{field} is after {value}"
      case .since: "{field} is on or after {value}"
      case .between: "{field} is between {value} and {other}"
      case .isEmpty: "{field} is empty"
      case .isNotEmpty: "{field} is not empty"
      }
    return self == .between
      ? Message(text, ["field": field, "value": values.first ?? "", "other": values.last ?? ""])
      : Message(text, ["field": field, "value": joined])
  }
}
