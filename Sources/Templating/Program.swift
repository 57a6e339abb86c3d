/// A compiled page: its instructions in one row, with the texts, constants and evaluations that they refer to.
///
/// `@unchecked Sendable`: filled in by the one thread that compiles the set, only read afterwards, by any number of threads at once.
final class Program: @unchecked Sendable {
  /// How many slots it needs. The first holds the page's record.
  var frameSize = 1
  private(set) var instructions: [Instruction] = []
  private(set) var texts: [UInt8] = []
  private(set) var constants: [Value] = []
  private(set) var evaluations: [Evaluation] = []
  private(set) var faults: [Fault] = []

  /// A place in a source that an error can name.
  typealias Fault = @Sendable (String) -> TemplateError

  init() {}

  /// With the values and places of another one, and no instructions yet.
  init(like other: Program) {
    (frameSize, constants, evaluations, faults) = (other.frameSize, other.constants, other.evaluations, other.faults)
  }

  // MARK: Filling in

  /// The number of the instruction that comes next.
  var end: Int { instructions.count }

  /// The text instruction that more literal output belongs to.
  private var openText: Int?

  /// Adds an instruction; returns its number.
  @discardableResult
  func add(_ instruction: Instruction) -> Int {
    openText = nil
    instructions.append(instruction)
    return instructions.count - 1
  }

  /// Lets a jump that is there already lead to what comes next.
  func land(_ jump: Int) {
    closeText()
    instructions[jump].target = Int32(end)
  }

  /// Leads every jump to where `place` says that its target is now.
  func leadJumps(_ place: (Int) -> Int) {
    for number in instructions.indices where instructions[number].operation.leadsOn {
      instructions[number].target = Int32(place(Int(instructions[number].target)))
    }
  }

  /// Adds literal output: to the text that ends here, unless a jump may lead between them.
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

  /// Says that a jump leads to what comes next.
  func closeText() { openText = nil }

  func add(_ fault: @escaping Fault) -> Int {
    faults.append(fault)
    return faults.count - 1
  }

  /// Where an expression's value will lie.
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
