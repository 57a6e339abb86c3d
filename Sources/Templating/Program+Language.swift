extension Program {
  /// The program for one language: the text between values is merged, with translations included.
  func settled(in language: Language) -> Program {
    let program = Program(like: self)
    let targets = Set(instructions.filter(\.operation.leadsOn).map { Int($0.target) })
    var numbers: [Int] = []
    for (number, instruction) in instructions.enumerated() {
      if targets.contains(number) { program.closeText() }
      numbers.append(program.end)
      if let text = text(of: instruction, language) { program.add(text: text) } else { program.add(instruction) }
    }
    numbers.append(program.end)
    program.leadJumps { numbers[$0] }
    return program
  }

  /// The constant output of an instruction.
  private func text(of instruction: Instruction, _ language: Language) -> [UInt8]? {
    switch instruction.operation {
    case .text: return Array(texts[Int(instruction.target)..<Int(instruction.target + instruction.extra)])
    case .show where instruction.place.kind == .computed && instruction.escaping != .url:
      let translation = evaluations[Int(instruction.place.a)] as? Translation
      return translation.map { Escape.html($0.text(in: language)) }
    default: return nil
    }
  }
}

extension Instruction.Operation {
  /// Whether `target` is an instruction.
  var leadsOn: Bool {
    switch self {
    case .jumpUnless, .jump, .enterLoop, .nextItem, .splitUnless: true
    case .text, .show, .assign, .showSlot, .renderFragment: false
    }
  }
}
