import Base
import Store
import Web

/// One condition of a list's filter while it is made or changed: the field, the operator, and what is in the inputs of its values.
struct FilterForm {
  let list: ListDefinition
  /// What the list shows now.
  let state: ListState
  let context: RequestContext
  /// Which of the filter's conditions is changed; `nil` for a new one.
  let edited: Int?
  /// What this visitor may ask of the list.
  let fields: [ListField]
  let field: ListField?
  let `operator`: FilterOperator
  let input: FilterInput
  /// One for each control of the form.
  let names: [String]
  private(set) var inputs: FormFields
  private(set) var errors = ValidationErrors()

  private static let mostValues = FilterParser.mostValues

  init(_ list: ListDefinition, _ context: RequestContext) throws {
    let query = context.query
    let state = try context.listState(of: list)
    (self.list, self.state, self.context) = (list, state, context)
    fields = list.fields.filter { field in field.resource.map(context.mayAsk) ?? true }
    let conditions = state.filter?.conditions ?? []
    edited = query["edit"].flatMap { Int($0) }
    guard query["edit"] == nil || edited.map(conditions.indices.contains) == true else {
      throw HTTPError.badRequest(Message("This filter has changed. Open it again."))
    }
    let old = edited.map { conditions[$0] }

    let wanted = query["field"] ?? old?.field ?? ""
    let field = fields.first { $0.name == wanted }
    self.field = field
    if field == nil, !wanted.isEmpty { errors.add("field", .notOffered) }
    let operators = field?.operators ?? []
    let asked = query["operator"].flatMap { FilterOperator(rawValue: $0) }
    let known = [asked, old?.field == field?.name ? old?.operator : nil].compactMap(\.self).first(where: operators.contains)
    let chosen = known ?? operators.first ?? .isEmpty
    `operator` = chosen
    // What was chosen for another field has no meaning for this one.
    let isOfField = field != nil && query["of"] == field?.name
    if isOfField, asked != chosen { errors.add("operator", .notOffered) }
    let input = field?.comparison.input(for: chosen) ?? FilterInput(LineField())
    self.input = input

    if !isOfField, let field, let old, old.field == field.name {
      let values = input.holdsAll ? [old.values.joined(separator: ",")] : old.values
      inputs = FormFields(
        try context.store.read { db in
          try values.enumerated().flatMap { n, text in
            try Self.posted(text, Self.name(n), input.kind, field, context, in: db)
          }
        })
    } else {
      inputs = isOfField ? query : FormFields()
    }
    let filled = inputs
    let count = (1...Self.mostValues).last { filled[Self.name($0 - 1)] != nil } ?? 1
    let rows =
      switch chosen.arity {
      case .none: 0
      case .one: 1
      case .two: 2
      case .several: input.holdsAll ? 1 : min(Self.mostValues, count + (query["more"] == nil ? 0 : 1))
      }
    names = (0..<rows).map(Self.name)
    if filled[Self.name(Self.mostValues)] != nil { errors.add("", InvalidFilter.tooManyValues.message) }
  }

  private static func name(_ index: Int) -> String { "value\(index + 1)" }

  /// The inputs of a value that the filter has.
  private static func posted(
    _ text: String, _ name: String, _ kind: any FieldKind, _ field: ListField, _ context: RequestContext, in db: Database
  ) throws -> [FormFields.Field] {
    let shown = try field.comparison.display(text, context.formats, within: context.reach, in: db)
    let value = kind.isReference ? .reference(id: text, name: shown) : (try? kind.parse(text)) ?? FieldValue(text)
    return kind.posted(value, name, context.formats)
  }

  /// Whether the form can have one more value.
  var takesMore: Bool { `operator`.arity == .several && !input.holdsAll && names.count < Self.mostValues }

  /// The list's filter with this condition in it; `nil` where something is wrong, which `errors` then say.
  mutating func applied() throws -> Predicate? {
    guard let field else {
      errors.add("field", Message("Choose a field."))
      return nil
    }
    guard let values = try values(of: field) else { return nil }
    let condition = Predicate.Condition(field.name, `operator`, values)
    do throws(InvalidValue) {
      try field.comparison.check(values, of: `operator`)
    } catch {
      errors.add(names.last ?? "", error.message)
      return nil
    }
    let filter: Predicate =
      if let old = state.filter {
        edited.map { old.replacing($0, with: condition) } ?? Predicate.and([old, .condition(condition)]).normalized
      } else {
        Predicate.condition(condition).normalized
      }
    do throws(InvalidFilter) {
      // An address has its limits.
      return try Predicate(parsing: filter.text)
    } catch {
      errors.add("", error.message)
      return nil
    }
  }

  private mutating func values(of field: ListField) throws -> [String]? {
    var values: [String] = []
    for name in names { values += try value(of: field, name).map { input.holdsAll ? ChoicesField.chosen(FieldValue($0)) : [$0] } ?? [] }
    if values.isEmpty, let first = names.first { errors.add(first, Message("Enter a value.")) }
    return errors.isEmpty ? values : nil
  }

  /// The exact text of what is in a control; `nil` for nothing.
  private mutating func value(of field: ListField, _ name: String) throws -> String? {
    var reader = FormReader(inputs, known: FormFields(), formats: context.formats)
    var value = input.kind.read(name, from: &reader)
    errors.add(reader.problems)
    if errors[name] != nil { return nil }
    if value.isEmpty {
      if `operator`.arity != .several { errors.add(name, Message("Enter a value.")) }
      return nil
    }
    if input.kind.isReference {
      let found = try context.store.read { db in
        try input.kind.resolve(value, over: .empty, context.act(in: db, as: Principal(context.user)))
      }
      switch found {
      case .value(let record): value = record
      case .errors(let all):
        for (_, message) in all { errors.add(name, message) }
        return nil
      }
    }
    do throws(InvalidValue) {
      let text = input.kind.text(value)
      return input.holdsAll ? text.replacing(", ", with: ",") : try field.comparison.operand(text, of: `operator`)
    } catch {
      errors.add(name, error.message)
      return nil
    }
  }
}
