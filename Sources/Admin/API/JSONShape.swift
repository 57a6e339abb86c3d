package import Base

/// What a JSON value may be. The API's documents are made of these, and what is sent is checked against them: so the description is always true.
package indirect enum JSONShape: Sendable, Equatable {
  case text(atLeast: Int = 0, atMost: Int? = nil, format: String? = nil, pattern: String? = nil)
  case integer(ClosedRange<Int>? = nil)
  case boolean
  case choice([String])
  case list(JSONShape, atMost: Int? = nil)
  case object([Member])
  /// An object of any members, each of this shape.
  case map(JSONShape)
  case optional(JSONShape)
  case either([JSONShape])
  /// One of the document's named parts.
  case named(String)
  case anything

  package struct Member: Sendable, Equatable {
    let name: String
    let shape: JSONShape
    let isRequired: Bool
    let note: String

    package init(_ name: String, _ shape: JSONShape, isRequired: Bool = true, note: String = "") {
      (self.name, self.shape, self.isRequired, self.note) = (name, shape, isRequired, note)
    }
  }

  package static let id = JSONShape.text(format: "uuid")
  package static let moment = JSONShape.text(format: "date-time")

  /// An object all of whose members may be left out.
  package static func partial(_ members: [Member]) -> JSONShape {
    .object(members.map { Member($0.name, $0.shape, isRequired: false, note: $0.note) })
  }
}

// MARK: As JSON Schema (2020-12)

extension JSONShape {
  package var schema: JSON { .object(keywords) }

  private var keywords: [JSON.Member] {
    func keyword(_ name: String, _ value: JSON?) -> [JSON.Member] { value.map { [JSON.Member(name: name, value: $0)] } ?? [] }
    switch self {
    case .text(let atLeast, let atMost, let format, let pattern):
      return keyword("type", "string") + keyword("format", format.map { .string($0) })
        + keyword("minLength", atLeast > 0 ? .int(atLeast) : nil) + keyword("maxLength", atMost.map { .int($0) })
        + keyword("pattern", pattern.map { .string($0) })
    case .integer(let range):
      return keyword("type", "integer") + keyword("minimum", range.map { .int($0.lowerBound) })
        + keyword("maximum", range.map { .int($0.upperBound) })
    case .boolean: return keyword("type", "boolean")
    case .choice(let values): return keyword("type", "string") + keyword("enum", .array(values.map { .string($0) }))
    case .list(let item, let atMost):
      return keyword("type", "array") + keyword("items", item.schema) + keyword("maxItems", atMost.map { .int($0) })
    case .object(let members):
      let properties = members.map { member in
        JSON.Member(
          name: member.name,
          value: .object(member.shape.keywords + keyword("description", member.note.isEmpty ? nil : .string(member.note))))
      }
      let required = members.filter(\.isRequired).map { JSON.string($0.name) }
      return keyword("type", "object") + keyword("properties", .object(properties))
        + keyword("required", required.isEmpty ? nil : .array(required)) + keyword("additionalProperties", .bool(false))
    case .map(let shape): return keyword("type", "object") + keyword("additionalProperties", shape.schema)
    case .optional(let shape):
      switch shape {
      case .choice(let values):
        return keyword("type", .array(["string", "null"])) + keyword("enum", .array(values.map { .string($0) } + [.null]))
      case .either(let shapes): return keyword("anyOf", .array(shapes.map(\.schema) + [.object(["type": "null"])]))
      case .named, .optional, .anything: return keyword("anyOf", .array([shape.schema, .object(["type": "null"])]))
      default:
        return shape.keywords.map { member in
          member.name == "type" ? JSON.Member(name: "type", value: .array([member.value, "null"])) : member
        }
      }
    case .either(let shapes): return keyword("anyOf", .array(shapes.map(\.schema)))
    case .named(let name): return keyword("$ref", .string("#/components/schemas/" + name))
    case .anything: return []
    }
  }
}

// MARK: Checking

extension JSONShape {
  /// What is wrong with a value, and where in it.
  package struct Mismatch: Sendable, Equatable {
    /// A JSON Pointer (RFC 6901), empty for the value itself.
    package var pointer = ""
    package let message: Message

    fileprivate func inside(_ name: String) -> Mismatch {
      Mismatch(
        pointer: "/" + name.replacing("~", with: "~0").replacing("/", with: "~1") + pointer, message: message)
    }
  }

  /// The first thing that is wrong; `nil` for a value of this shape.
  package func mismatch(_ json: JSON) -> Mismatch? {
    switch (self, json) {
    case (.text(let atLeast, let atMost, let format, let pattern), .string(let text)):
      // What has a form is not empty; whether it has that form, its kind tells.
      return Self.problem(text, format == nil && pattern == nil ? atLeast : 1, atMost)
    case (.text, _): return Mismatch(message: Message("This must be text."))
    case (.choice(let values), .string(let text)): return values.contains(text) ? nil : Mismatch(message: .notOffered)
    case (.choice, _): return Mismatch(message: .notOffered)
    case (.integer(let range), .int(let n)):
      guard let range, !range.contains(n) else { return nil }
      return Mismatch(
        message: Message("Enter a number from {low} to {high}.", ["low": String(range.lowerBound), "high": String(range.upperBound)]))
    case (.integer, _): return Mismatch(message: Message("This must be a whole number."))
    case (.boolean, .bool), (.anything, _), (.named, _), (.optional, .null): return nil
    case (.boolean, _): return Mismatch(message: Message("This must be true or false."))
    case (.list(let item, let atMost), .array(let items)):
      if let atMost, items.count > atMost { return Mismatch(message: Message("At most {n} items.", ["n": String(atMost)])) }
      return items.enumerated().lazy.compactMap { index, json in item.mismatch(json)?.inside(String(index)) }.first
    case (.list, _): return Mismatch(message: Message("This must be a list."))
    case (.object(let members), .object(let given)): return Self.mismatches(members, given).first
    case (.map(let shape), .object(let given)):
      return given.lazy.compactMap { shape.mismatch($0.value)?.inside($0.name) }.first
    case (.object, _), (.map, _): return Mismatch(message: Message("This must be an object."))
    case (.optional(let shape), _): return shape.mismatch(json)
    case (.either(let shapes), _):
      let found = shapes.map { $0.mismatch(json) }
      if found.contains(nil) { return nil }
      // What comes closest: for a value of the right kind, what is wrong inside it.
      return found.compactMap(\.self).max { $0.pointer.utf8.count < $1.pointer.utf8.count }
    }
  }

  /// All that is wrong with the members of an object.
  package static func mismatches(_ members: [Member], _ given: [JSON.Member]) -> [Mismatch] {
    var found: [Mismatch] = []
    var seen: Set<String> = []
    for member in given {
      let known = members.first { $0.name == member.name }
      if known == nil {
        found.append(Mismatch(message: Message("This isn’t a known member.")).inside(member.name))
      } else if !seen.insert(member.name).inserted {
        found.append(Mismatch(message: Message("This member is there twice.")).inside(member.name))
      } else if let mismatch = known?.shape.mismatch(member.value) {
        found.append(mismatch.inside(member.name))
      }
    }
    for member in members where member.isRequired && !seen.contains(member.name) {
      found.append(Mismatch(message: Message("This is required.")).inside(member.name))
    }
    return found
  }

  private static func problem(_ text: String, _ atLeast: Int, _ atMost: Int?) -> Mismatch? {
    if text.utf8.contains(where: { $0 < 32 && $0 != 9 && $0 != 10 && $0 != 13 }) {
      return Mismatch(message: Message("Control characters are not allowed."))
    }
    if atLeast > 0, text.isEmpty { return Mismatch(message: Message("This is required.")) }
    if let atMost, let problem = TextRules.problem(with: text, atMost: atMost) { return Mismatch(message: problem) }
    return nil
  }
}
