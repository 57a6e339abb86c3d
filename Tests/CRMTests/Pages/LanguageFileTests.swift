import Base
import CRM
import Foundation
import Testing

@testable import Admin
@testable import Templating

/// Each language's file translates exactly the texts that the product has.
@Suite struct LanguageFileTests {
  static let folder = TestApp.resources + "/Templates/languages"
  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".po") }.sorted()

  private func catalogue(_ file: String) throws -> Catalogue {
    try Catalogue(parsing: String(contentsOfFile: Self.folder + "/" + file, encoding: .utf8), file: file)
  }

  /// The texts of templates and code, each with a place that has it.
  private static let texts: [String: String] = {
    var texts: [String: String] = [:]
    for message in (try? PageFiles.templates(crm, Application.Options(resources: TestApp.resources), assets: nil).messages) ?? [] {
      texts[message.text] = "\(message.template):\(message.line)"
    }
    for (path, content) in sources where path.hasSuffix(".swift") {
      for text in literals(#"(?:\bMessage|\blanguage\.text|\.plural)\(\s*"#, in: content) { texts[text] = path }
    }
    for label in labels(in: crm) where !label.isEmpty { texts[label] = texts[label] ?? "a label" }
    return texts
  }()

  /// The string literals that follow a pattern.
  private static func literals(_ before: String, in content: String) -> [String] {
    let content = content as NSString
    let expression = try? NSRegularExpression(pattern: before + #""((?:[^"\\\n]|\\["\\])*)""#)
    return (expression?.matches(in: content as String, range: NSRange(location: 0, length: content.length)) ?? []).map { match in
      content.substring(with: match.range(at: 1)).replacingOccurrences(of: "\\\"", with: "\"").replacingOccurrences(of: "\\\\", with: "\\")
    }
  }

  /// What types, fields, lists, menus and actions are called: all texts in properties with these names.
  private static func labels(in value: Any) -> [String] {
    Mirror(reflecting: value).children.flatMap { name, value -> [String] in
      if let text = value as? String { return name.map(textNames.contains) == true ? [text] : [] }
      return labels(in: value)
    }
  }

  private static let textNames: Set = [
    "label", "title", "hint", "new", "newRecord", "create", "inTrash", "searchHint", "one", "emptyTitle", "emptyText", "attention",
    "adding",
  ]

  private static let sources: [(path: String, content: String)] = ["Sources", "Templates", "Public/js"].flatMap { folder in
    ((try? FileManager.default.subpathsOfDirectory(atPath: TestApp.resources + "/" + folder)) ?? []).compactMap { path in
      guard ["swift", "html", "js"].contains(URL(fileURLWithPath: path).pathExtension) else { return nil }
      return (try? String(contentsOfFile: TestApp.resources + "/" + folder + "/" + path, encoding: .utf8)).map { (path, $0) }
    }
  }

  /// Everything in quotation marks. Those of templates are also inside of others: `title="{{ t("Close") }}"`. Without what is interpolated: `"line-\(n)"` isn't
  /// a text, and its second mark begins none.
  private static let quoted = Set(
    sources.flatMap { path, content in
      path.hasSuffix(".swift")
        ? literals("", in: content) + literals("", in: withoutInterpolations(content))
        : content.components(separatedBy: "\"")
    } + Role.allCases.map(\.rawValue))

  private static func withoutInterpolations(_ content: String) -> String {
    let expression = try? NSRegularExpression(pattern: #""[^"\n]*\\\([^"\n]*""#)
    let range = NSRange(location: 0, length: (content as NSString).length)
    return expression?.stringByReplacingMatches(in: content, range: range, withTemplate: "") ?? content
  }

  @Test(arguments: files) func `every text is translated`(file: String) throws {
    let known = try catalogue(file).texts
    let missing = Self.texts.filter { known[$0.key] == nil && $0.key.contains(where: \.isLetter) }.map { "\($0.value): \($0.key)" }
    #expect(missing.isEmpty, "\(missing.sorted().joined(separator: "\n"))")
  }

  @Test(arguments: files) func `every translation is of a text that is used`(file: String) throws {
    let unused = try catalogue(file).texts.keys.filter { !Self.quoted.contains($0) }
    #expect(unused.isEmpty, "\(unused.sorted().joined(separator: "\n"))")
  }

  @Test(arguments: files) func `a translation has the placeholders of its text`(file: String) throws {
    for (id, forms) in try catalogue(file).texts {
      let expected = Set(Language.placeholders(in: id)).subtracting(["n"])
      for form in forms { #expect(Set(Language.placeholders(in: form)).subtracting(["n"]) == expected, "\(id): \(form)") }
    }
  }

  @Test(arguments: files) func `a language says what it is called`(file: String) throws {
    #expect(try catalogue(file).ownName?.isEmpty == false)
  }

  @Test(arguments: files) func `every country and language has a name of its own`(file: String) throws {
    let names = LocaleNames.of(try Languages(folder: Self.folder).language(String(file.dropLast(3))))
    let countries = Country.all.map { names.country($0.code) }
    #expect(Set(countries).count == countries.count && !countries.contains { $0.isEmpty || $0.count == 2 })
    let languages = LanguageTag.common.map { names.language($0.code) }
    #expect(Set(languages).count == languages.count && !languages.contains { $0.count < 3 })
  }
}
