/// The location of a value at run time. Plain numbers: reading a value through its place counts no references.
struct Place {
  enum Kind: UInt8 {
    /// `[a]` of the frame.
    case local
    /// Field `b` of the record in `[a]` of the frame.
    case field
    /// Field `c` of the record in field `b` of the record in `[a]`.
    case fieldOfField
    /// Field `a` of the record around every page.
    case global
    /// Field `b` of the record in field `a` of the record around every page.
    case fieldOfGlobal
    /// Constant `a` of the program.
    case constant
    /// Evaluation `a` of the program.
    case computed
  }

  let kind: Kind
  let a: Int32
  var b: Int32 = 0
  var c: Int32 = 0

  init(_ kind: Kind, _ a: Int, _ b: Int = 0, _ c: Int = 0) {
    self.kind = kind
    self.a = Int32(a)
    self.b = Int32(b)
    self.c = Int32(c)
  }
}

/// One step of a compiled template.
struct Instruction {
  enum Operation: UInt8 {
    /// Appends `extra` bytes of the program's texts, from `target` on.
    case text
    /// Appends the value; `extra` is the index of its source position, for errors.
    case show
    /// Jumps to `target` unless the value is true.
    case jumpUnless
    case jump
    /// Outputs the slot that the value is.
    case showSlot
    /// Takes both branches: up to `target` for rows whose slot has a text, from there for those whose slot has none.
    case splitUnless
    /// Renders the template that the value is.
    case renderFragment
    /// Puts the first item of the list into slot `extra`, its index, the count and the list itself into the next three;
    /// jumps to `target` if the list is empty.
    case enterLoop
    /// Puts the next item there and jumps to `target`; continues after the last.
    case nextItem
    /// Stores the value in slot `extra`.
    case assign
  }

  let operation: Operation
  var escaping = Escaping.text
  var place = Place(.constant, 0)
  var target: Int32 = 0
  var extra: Int32 = 0
}
