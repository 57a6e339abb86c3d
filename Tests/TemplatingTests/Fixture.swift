import Base
import Foundation
import Testing

@testable import Templating

/// One file of `Fixtures`: a page's data, its templates, and the output, separated by lines of three dashes.
///
/// The first part is JSON. Its members are the page's fields; `globals` holds those of the frame, `language` a tag. A
/// field whose name ends in `?` is optional, one that ends in `!` is HTML. The second part is the page `page`; a line
/// `=== name` starts another template.
struct Fixture: CustomTestStringConvertible {
  let path: String
  let name: String
  private let parts: [String]

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path

  static let all: [Fixture] = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().filter {
    $0.hasSuffix(".txt")
  }
  .compactMap { Fixture(path: folder + "/" + $0, name: String($0.dropLast(4))) }

  private init?(path: String, name: String) {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    self.path = path
    self.name = name
    parts = text.components(separatedBy: "\n---\n")
  }

  var testDescription: String { name }

  /// Compares the output with the third part.
  var expected: String? { parts.count == 3 ? parts[2] : nil }

  func record(_ outcome: String) throws {
    try (parts.prefix(2) + [outcome]).joined(separator: "\n---\n").write(toFile: path, atomically: true, encoding: .utf8)
  }

  var sources: [String: String] {
    var sources: [String: String] = [:]
    var name = "page"
    for line in (parts.count > 1 ? parts[1] : "").components(separatedBy: "\n") {
      if line.hasPrefix("=== ") {
        sources[name] = (sources[name] ?? "").droppingLastNewline
        name = String(line.dropFirst(4))
      } else {
        sources[name, default: ""] += line + "\n"
      }
    }
    sources[name] = (sources[name] ?? "").droppingLastNewline
    return sources
  }

  func page() throws -> TestPage { try TestPage(parsing: parts[0]) }

  /// The page, or all errors.
  func outcome() throws -> String {
    let page = try page()
    do {
      let set = try TemplateSet(
        sources: sources, filters: TestPage.filters, globals: page.globals.schema, pages: ["page": page.record.schema])
      return try page.render(set) + "\n"
    } catch let errors as TemplateErrors {
      return "\(errors)\n"
    } catch let error as TemplateError {
      return "While rendering:\n\(error)\n"
    }
  }
}

extension String {
  fileprivate var droppingLastNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}

/// A page's values and their types, from JSON.
struct TestPage {
  let record: ViewData
  let globals: ViewData
  let language: Language

  /// The product's filters are tested elsewhere; this one fails on demand.
  static let filters = [
    "picky": FilterDefinition { value, _, _ in
      guard value.text != "bad" else { throw FilterError("picky does not like this") }
      return value
    },
    "or_none": FilterDefinition(takesNull: true) { value, _, _ in .text(value.isTrue ? value.text : "none") },
  ]

  init(parsing text: String) throws {
    guard case .object(let members) = try JSON(parsing: text) else { throw Malformed() }
    let page = members.filter { $0.name != "globals" && $0.name != "language" }
    record = try Self.record(page, "page")
    let json = JSON.object(members)
    if case .object(let frame)? = json["globals"] {
      globals = try Self.record(frame, "frame")
    } else {
      globals = ViewData(ViewSchema("frame", [("site", .text)]), ["Roost"])
    }
    language = json["language"]?.string == "el" ? try Self.greek() : .english
  }

  struct Malformed: Error {}

  func render(_ set: TemplateSet) throws -> String {
    let context = RenderContext(globals: globals, language: language, now: Timestamp(milliseconds: 0))
    return try set.render("page", page: record, context: context).text
  }

  static func greek() throws -> Language {
    let text = """
      msgid ""
      msgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"

      msgid "Contacts"
      msgstr "Επαφές"

      msgid "Edit {name}"
      msgstr "Επεξεργασία: {name}"

      msgid "{n} contact"
      msgid_plural "{n} contacts"
      msgstr[0] "{n} επαφή"
      msgstr[1] "{n} επαφές"
      """
    let catalogue = try Catalogue(parsing: text, file: "el.po")
    return Language(tag: "el", texts: catalogue.texts, plural: catalogue.plural)
  }

  // MARK: Types of JSON

  private static func record(_ members: [JSON.Member], _ name: String) throws -> ViewData {
    let fields = try members.map { member in try field(member.name, [member.value]) }
    return ViewData(ViewSchema(name, fields.map { ($0.name, $0.kind) }), try zip(members, fields).map { try value($0.value, of: $1.kind) })
  }

  /// A field's name and type, from its values in all the objects of a list.
  private static func field(_ marked: String, _ values: [JSON]) throws -> (name: String, kind: Kind) {
    let name = marked.filter { $0 != "?" && $0 != "!" }
    var kind = try kind(values.first { $0 != .null } ?? .null, name)
    if marked.contains("!") { kind = .html }
    return (name, marked.contains("?") ? .optional(kind) : kind)
  }

  private static func kind(_ json: JSON, _ name: String) throws -> Kind {
    switch json {
    case .null: return .any
    case .bool: return .bool
    case .int: return .int
    case .double: throw Malformed()
    case .string: return .text
    case .object(let members):
      return .record(ViewSchema(name, try members.map { member in try field(member.name, [member.value]) }.map { ($0.name, $0.kind) }))
    case .array(let items):
      let singular = name.hasSuffix("s") ? String(name.dropLast()) : name
      guard case .object(let members)? = items.first else { return .list(try items.first.map { try kind($0, singular) } ?? .any) }
      let fields = try members.map { member in try field(member.name, items.compactMap { $0[member.name] }) }
      return .list(.record(ViewSchema(singular, fields.map { ($0.name, $0.kind) })))
    }
  }

  private static func value(_ json: JSON, of kind: Kind) throws -> Value {
    switch (json, kind.present) {
    case (.null, _): return .null
    case (.bool(let value), _): return .bool(value)
    case (.int(let n), _): return .int(n)
    case (.string(let text), .html): return .html(HTML(bytes: Array(text.utf8)))
    case (.string(let text), _): return .text(text)
    case (.array(let items), .list(let item)): return .list(try items.map { try value($0, of: item) })
    case (.object(let members), .record(let schema)):
      guard members.count == schema.fields.count else { throw Malformed() }
      return .record(ViewData(schema, try zip(members, schema.fields).map { try value($0.value, of: $1.kind) }))
    default: throw Malformed()
    }
  }
}
