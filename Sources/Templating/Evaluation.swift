/// A compiled expression.
class Evaluation: @unchecked Sendable {
  func value(_ machine: Machine) throws -> Value { .null }
  func isTrue(_ machine: Machine) throws -> Bool { try value(machine).isTrue }
}

final class Constant: Evaluation, @unchecked Sendable {
  let constant: Value

  init(_ constant: Value) { self.constant = constant }

  override func value(_ machine: Machine) -> Value { constant }
}

final class Local: Evaluation, @unchecked Sendable {
  let slot: Int

  init(_ slot: Int) { self.slot = slot }

  override func value(_ machine: Machine) -> Value { machine.frame[slot] }
}

/// A field of the frame around every page.
final class Global: Evaluation, @unchecked Sendable {
  let index: Int

  init(_ index: Int) { self.index = index }

  override func value(_ machine: Machine) -> Value { machine.context.globals[index] }
}

/// A field at a known index.
final class FieldOfLocal: Evaluation, @unchecked Sendable {
  let slot: Int
  let index: Int

  init(slot: Int, index: Int) {
    self.slot = slot
    self.index = index
  }

  override func value(_ machine: Machine) -> Value {
    guard case .record(let record) = machine.frame[slot] else { return .null }
    return record[index]
  }

  override func isTrue(_ machine: Machine) -> Bool {
    guard case .record(let record) = machine.frame[slot] else { return false }
    return record[index].isTrue
  }
}

final class Field: Evaluation, @unchecked Sendable {
  let base: Evaluation
  let index: Int

  init(_ base: Evaluation, index: Int) {
    self.base = base
    self.index = index
  }

  override func value(_ machine: Machine) throws -> Value {
    guard case .record(let record) = try base.value(machine) else { return .null }
    return record[index]
  }
}

/// A field of a value whose schema isn't known before rendering.
final class NamedField: Evaluation, @unchecked Sendable {
  private let base: Evaluation
  private let name: String
  private let fail: @Sendable (String) -> TemplateError

  init(_ base: Evaluation, _ name: String, _ fail: @escaping @Sendable (String) -> TemplateError) {
    self.base = base
    self.name = name
    self.fail = fail
  }

  override func value(_ machine: Machine) throws -> Value {
    guard case .record(let record) = try base.value(machine), let index = record.schema.index(of: name) else {
      throw fail("unknown field “\(name)”")
    }
    return record[index]
  }
}

/// A text in the visitor's language. Programs are specialized for a language before they run, so this is rarely
/// evaluated.
final class Translation: Evaluation, @unchecked Sendable {
  private let id: String
  private let arguments: [String: Value]

  init(_ id: String, _ arguments: [String: Value] = [:]) { (self.id, self.arguments) = (id, arguments) }

  func text(in language: Language) -> String { language.text(id, arguments) }

  override func value(_ machine: Machine) -> Value { .text(text(in: machine.context.language)) }
}

/// A value computed from the values of its parts.
final class Computed: Evaluation, @unchecked Sendable {
  private let compute: @Sendable (Machine) throws -> Value

  init(_ compute: @escaping @Sendable (Machine) throws -> Value) { self.compute = compute }

  override func value(_ machine: Machine) throws -> Value { try compute(machine) }
}

/// A boolean.
final class Test: Evaluation, @unchecked Sendable {
  private let test: @Sendable (Machine) throws -> Bool

  init(_ test: @escaping @Sendable (Machine) throws -> Bool) { self.test = test }

  override func value(_ machine: Machine) throws -> Value { .bool(try test(machine)) }
  override func isTrue(_ machine: Machine) throws -> Bool { try test(machine) }
}
