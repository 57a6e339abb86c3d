/// A compiled page: its instructions, with the texts, constants and evaluations that they refer to.
///
/// `@unchecked Sendable`: written only by the thread that compiles the set, afterwards only read, by any number of
/// threads.
final class Program: @unchecked Sendable {
  /// The number of slots. The first holds the page's record.
  var frameSize = 1
  private(set) var instructions: [Instruction] = []
  private(set) var texts: [UInt8] = []
  private(set) var constants: [Value] = []
  private(set) var evaluations: [Evaluation] = []
  private(set) var faults: [Fault] = []

  /// A source position for errors.
  typealias Fault = @Sendable (String) -> TemplateError

  init() {}

  /// With the values and places of another program, and no instructions yet.
  init(like other: Program) {
    (frameSize, constants, evaluations, faults) = (other.frameSize, other.constants, other.evaluations, other.faults)
  }

  // MARK: Building

  /// The index of the next instruction.
  var end: Int { instructions.count }

  /// The text instruction that further literal output is appended to.
  private var openText: Int?

  /// Adds an instruction; returns its index.
  @discardableResult
  func add(_ instruction: Instruction) -> Int {
    openText = nil
    instructions.append(instruction)
    return instructions.count - 1
  }

  /// Sets the target of an existing jump to the next instruction.
  func land(_ jump: Int) {
    closeText()
    instructions[jump].target = Int32(end)
  }

  /// Maps the target of every jump with `place`.
  func leadJumps(_ place: (Int) -> Int) {
    for number in instructions.indices where instructions[number].operation.leadsOn {
      instructions[number].target = Int32(place(Int(instructions[number].target)))
    }
  }

  /// Adds literal output: to the preceding text, unless a jump could lead between them.
  func add(text: [UInt8]) {
    guard !text.isEmpty else { return }
    if let openText {
      instructions[openText].extra += Int32(text.count)
    } else {
      let number = add(Instruction(operation: .text, target: Int32(texts.count), extra: Int32(text.count)))
      openText = number
    }
    texts += text
  }

  /// Marks the next instruction as a jump target.
  func closeText() { openText = nil }

  func add(_ fault: @escaping Fault) -> Int {
    faults.append(fault)
    return faults.count - 1
  }

  /// The location of an expression's value.
  func place(of evaluation: Evaluation) -> Place {
    switch evaluation {
    case let local as Local: return Place(.local, local.slot)
    case let field as FieldOfLocal: return Place(.field, field.slot, field.index)
    case let global as Global: return Place(.global, global.index)
    case let field as Field:
      switch field.base {
      case let base as FieldOfLocal: return Place(.fieldOfField, base.slot, base.index, field.index)
      case let base as Local: return Place(.field, base.slot, field.index)
      case let base as Global: return Place(.fieldOfGlobal, base.index, field.index)
      default: break
      }
    case let constant as Constant:
      constants.append(constant.constant)
      return Place(.constant, constants.count - 1)
    default: break
    }
    evaluations.append(evaluation)
    return Place(.computed, evaluations.count - 1)
  }
}
