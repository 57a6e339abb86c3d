/// Bundles a style sheet or module with all its imports, so that a first visit requests one file instead of many.
///
/// Not a parser: it knows the few forms that our own files use, looks for them at the start of lines, and refuses every
/// other one with file and line. Imports are limited to the same folder, so that `url()` and `import()` in them stay
/// valid.
struct AssetLinker {
  private struct Module {
    let number: Int
    var exports: [String] = []
    var isRunning = true
  }

  private let folder: Substring
  private let read: (String) -> [UInt8]?
  private var modules: [String: Module] = [:]
  /// The bundle.
  private(set) var bytes: [UInt8] = []
  /// The assets in it, the requested one first.
  private(set) var parts: [String] = []

  /// Links an asset like `js/roost.js`; `read` returns the bytes of an asset by its name.
  init(_ name: String, read: @escaping (String) -> [UInt8]?) throws(Assets.Failure) {
    folder = name.lastIndex(of: "/").map { name[...$0] } ?? ""
    self.read = read
    guard let text = read(name) else { throw Assets.Failure(description: "the asset \(name) can’t be read") }
    if name.hasSuffix(".css") {
      try addStyleSheet(name, text)
    } else {
      _ = try addModule(name, text)
    }
  }

  /// The asset named by an import, in the same folder as the importing one.
  private func imported(_ path: Substring, by line: SourceLine) throws(Assets.Failure) -> (name: String, text: [UInt8]) {
    guard !path.contains("/"), !path.contains("\"") else { throw line.failure("imports must be in the same folder") }
    let name = "\(folder)\(path)"
    guard let text = read(name) else { throw line.failure("\(path) not found") }
    return (name, text)
  }

  // MARK: Style sheets

  /// `@import "tokens.css";`, only at the top of the file.
  private mutating func addStyleSheet(_ name: String, _ text: [UInt8]) throws(Assets.Failure) {
    parts.append(name)
    var isTop = true
    for line in SourceLines(name, text) {
      guard line.holds("@import") || line.holds("@charset") else {
        if !line.words.isEmpty { isTop = false }
        bytes += line.bytes
        continue
      }
      guard let path = line.text.between("@import \"", "\";") else {
        throw line.failure("only @import \"name.css\"; on a line of its own is supported")
      }
      guard isTop else { throw line.failure("imports must come before all rules") }
      let (part, text) = try imported(path, by: line)
      guard !parts.contains(part) else { throw line.failure("\(path) is already imported") }
      try addStyleSheet(part, text)
    }
  }

  // MARK: Modules

  /// Each module becomes a function that is called once, in import order; its exports are a constant named by its
  /// number.
  private mutating func addModule(_ name: String, _ text: [UInt8]) throws(Assets.Failure) -> Module {
    parts.append(name)
    var module = Module(number: parts.count)
    modules[name] = module
    var body: [UInt8] = []
    var isTop = true
    for line in SourceLines(name, text) {
      if line.words.isEmpty {
        body += line.bytes
      } else if line.begins(with: "import") {
        guard isTop else { throw line.failure("imports must come before everything else") }
        body += try importing(line).utf8
      } else if line.begins(with: "export") {
        isTop = false
        guard let export = Self.exported(line.text) else {
          throw line.failure("only export function, async function, class and const with one name are supported")
        }
        module.exports.append(export)
        body += line.bytes.dropFirst("export ".utf8.count)
      } else {
        isTop = false
        guard !line.isAwaitingAtTop else { throw line.failure("await is only supported inside functions") }
        body += line.bytes
      }
    }
    module.isRunning = false
    modules[name] = module
    bytes += "// \(name)\nconst $\(module.number) = (() => {\n".utf8
    bytes += body
    bytes += "return { \(module.exports.joined(separator: ", ")) };\n})();\n".utf8
    return module
  }

  /// `import { one, two } from "./name.js";` → `const { one, two } = $3;`
  private mutating func importing(_ line: SourceLine) throws(Assets.Failure) -> String {
    let form = line.text.between("import { ", "\";")?.split(separator: " } from \"./", maxSplits: 1) ?? []
    let names = form.first?.split(separator: ", ", omittingEmptySubsequences: false) ?? []
    guard form.count == 2, names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isNameByte) }) else {
      throw line.failure("only import { name } from \"./name.js\"; on one line is supported")
    }
    let (part, text) = try imported(form[1], by: line)
    let module = if let known = modules[part] { known } else { try addModule(part, text) }
    guard !module.isRunning else { throw line.failure("\(form[1]) circular import") }
    for name in names where !module.exports.contains(String(name)) { throw line.failure("\(form[1]) has no export \(name)") }
    return "const { \(form[0]) } = $\(module.number);\n"
  }

  /// The name that a line like `export const name = …` exports.
  private static func exported(_ line: String) -> String? {
    let forms = ["export function ", "export async function ", "export class ", "export const "]
    guard let form = forms.first(where: line.hasPrefix) else { return nil }
    let name = line.utf8.dropFirst(form.utf8.count).prefix(while: \.isNameByte)
    return name.isEmpty ? nil : String(name)
  }
}

extension String {
  fileprivate func between(_ start: String, _ end: String) -> Substring? {
    hasPrefix(start) && hasSuffix(end) && utf8.count >= start.utf8.count + end.utf8.count ? dropFirst(start.count).dropLast(end.count) : nil
  }
}

extension UInt8 {
  fileprivate var isNameByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "_"), UInt8(ascii: "$"): true
    default: false
    }
  }
}

/// A line of a style sheet or module. Bytes, since working with characters would take longer than the whole start
/// should.
private struct SourceLine {
  let file: String
  let number: Int
  /// With its line end.
  let bytes: ArraySlice<UInt8>
  /// Without comments and leading space; empty if nothing else is left.
  let words: ArraySlice<UInt8>

  var text: String { String(decoding: bytes.dropLast(), as: UTF8.self) }

  func holds(_ word: StaticString) -> Bool { words.index(of: word) != nil }

  /// Whether it is an import or export statement: `import(…)` and `import.meta` are expressions.
  func begins(with keyword: StaticString) -> Bool {
    guard words.starts(with: keyword.bytes) else { return false }
    let next = words.dropFirst(keyword.utf8CodeUnitCount).first ?? 0
    return next != UInt8(ascii: "(") && next != UInt8(ascii: ".") && !next.isNameByte
  }

  /// A top-level `await`, which isn't possible in the function that the module becomes.
  var isAwaitingAtTop: Bool { words.startIndex == bytes.startIndex && holds("await ") && !holds("async ") }

  func failure(_ reason: String) -> Assets.Failure { Assets.Failure(description: "\(file):\(number): \(reason): \(text)") }
}

private struct SourceLines: Sequence, IteratorProtocol {
  private let file: String
  private var rest: ArraySlice<UInt8>
  private var number = 0
  private var isInComment = false

  init(_ file: String, _ text: [UInt8]) {
    self.file = file
    rest = (text.isEmpty || text.last == 0x0A ? text : text + [0x0A])[...]
  }

  mutating func next() -> SourceLine? {
    guard let end = rest.firstIndex(of: 0x0A) else { return nil }
    let bytes = rest[...end]
    rest = rest[(end + 1)...]
    number += 1
    return SourceLine(file: file, number: number, bytes: bytes, words: words(of: bytes))
  }

  private mutating func words(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var words = line
    while true {
      if isInComment {
        guard let end = words.index(of: "*/") else { return [] }
        words = words[(end + 2)...]
      }
      words = words.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A }
      isInComment = words.starts(with: "/*".utf8)
      guard isInComment else { return words.starts(with: "//".utf8) ? [] : words }
      words = words.dropFirst(2)
    }
  }
}

extension StaticString {
  fileprivate var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount) }
}

extension ArraySlice<UInt8> {
  fileprivate func index(of word: StaticString) -> Int? {
    var rest = self
    while let index = rest.firstIndex(of: word.bytes[0]) {
      rest = rest[index...]
      if rest.starts(with: word.bytes) { return index }
      rest = rest.dropFirst()
    }
    return nil
  }
}
