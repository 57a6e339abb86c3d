import Base
import Foundation
import Synchronization
import Testing

@testable import Templating

/// A loaded set of templates.
@Suite struct RenderingTests {
  private static let source = """
    <h1>{{ t("Contacts") }}</h1>
    {% for contact in contacts %}
    <p title="{{ contact.name }}">{{ loop.index }} {{ contact.name }}{% if contact.nick %} ({{ contact.nick }}){% endif %}</p>
    {% endfor %}
    {{ t("{n} contact", "{n} contacts", n=contacts|length) }}
    """

  private static let json = #"{"contacts": [{"name": "A & B", "nick?": null}, {"name": "C", "nick?": "c"}, {"name": "D", "nick?": null}]}"#

  @Test func `eight threads render in two languages at once`() throws {
    let page = try TestPage(parsing: Self.json)
    let set = try TemplateSet(sources: ["page": Self.source], globals: page.globals.schema, pages: ["page": page.record.schema])
    let languages = [Language.english, try TestPage.greek()]
    let expected = try languages.map { try Self.render(set, page, $0) }
    #expect(expected[0].contains("3 contacts"))
    #expect(expected[1].contains("3 επαφές"))
    let wrong = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<200 {
        let which = (thread + round) % 2
        if (try? Self.render(set, page, languages[which])) != expected[which] { wrong.withLock { $0 += 1 } }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  private static func render(_ set: TemplateSet, _ page: TestPage, _ language: Language) throws -> String {
    let context = RenderContext(globals: page.globals, language: language, now: Timestamp(milliseconds: 0))
    return try set.render("page", page: page.record, context: context).text
  }

  @Test func `every literal text for translation is listed with its place`() throws {
    let page = try TestPage(parsing: Self.json)
    let set = try TemplateSet(sources: ["page": Self.source], globals: page.globals.schema, pages: ["page": page.record.schema])
    #expect(set.messages.map(\.text) == ["Contacts", "{n} contact"])
    #expect(set.messages.map(\.plural) == [nil, "{n} contacts"])
    #expect(set.messages.map(\.line) == [1, 5])
    #expect(set.messages.map(\.template) == ["page", "page"])
  }

  @Test func `a page without a template is an error with a suggestion`() {
    let error = #expect(throws: TemplateErrors.self) {
      try TemplateSet(sources: ["contacts/list": ""], globals: ViewSchema("frame", []), pages: ["contacts/lst": ViewSchema("page", [])])
    }
    #expect(error?.description.contains("did you mean “contacts/list”?") == true)
  }

  @Test func `a changed template takes effect on the next page, a broken one throws until it is fixed`() throws {
    let folder = NSTemporaryDirectory() + "roost-templates-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let schema = ViewSchema("page", [("a", .text)])
    func write(_ text: String) throws { try text.write(toFile: folder + "/sub/page.html", atomically: true, encoding: .utf8) }
    func render(_ templates: Templates) throws -> String {
      let context = RenderContext(globals: ViewData(ViewSchema("frame", []), []), language: .english, now: Timestamp(milliseconds: 0))
      return try templates.render("sub/page", page: ViewData(schema, ["x"]), context: context).text
    }
    try write("one {{ a }}")
    let templates = try Templates(folder: folder, globals: ViewSchema("frame", []), pages: ["sub/page": schema], reloads: true)
    let fixed = try Templates(folder: folder, globals: ViewSchema("frame", []), pages: ["sub/page": schema])
    #expect(try render(templates) == "one x")
    try write("two, longer {{ a }}")
    #expect(try render(templates) == "two, longer x")
    try write("three, broken {{ b }}")
    let error = #expect(throws: TemplateErrors.self) { try render(templates) }
    #expect(error?.description.contains("sub/page.html:1:18") == true)
    try write("four, mended {{ a }} again")
    #expect(try render(templates) == "four, mended x again")
    #expect(try render(fixed) == "one x")
  }
}
