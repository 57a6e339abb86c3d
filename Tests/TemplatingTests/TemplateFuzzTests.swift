import TestKit
import Testing

@testable import Templating

/// Random templates: they are refused or rendered, without crashing. The seeds are fixed.
@Suite struct TemplateFuzzTests {
  private static let telling = [
    "{{", "}}", "{%", "%}", "{#", "#}", "-", "|", "(", ")", "\"", "'", "<", ">", "=", "~", ".", ",", "\n", "\r\n", "\t", "é", "\u{301}",
    "\0",
    "{% if ", "{% else %}", "{% endif %}", "{% for x in ", "{% endfor %}", "{% set x = ", "{% block b %}", "{% endblock %}", "{% args %}",
    "{% layout \"page\" %}", "{% partial \"page\" %}", "{% call \"page\" %}", "{% endcall %}", " href=\"", "<script>", "</script>", "<!--",
    "-->",
    "t(", "null", "not ", "99999999999", "loop.index", "|default(", "|truncate(",
  ].map(Array.init)

  private func mutated(_ text: String, _ random: inout SplitMix) -> String {
    var characters = Array(text)
    for _ in 0...random.below(5) {
      let place = random.below(characters.count + 1)
      switch random.below(4) {
      case 0: characters.removeSubrange(place..<min(characters.count, place + random.below(12)))
      case 1:
        characters.insert(
          contentsOf: characters[place..<min(characters.count, place + random.below(30))], at: random.below(characters.count + 1))
      case 2 where place < characters.count: characters[place] = Self.telling[random.below(Self.telling.count)].first ?? " "
      default: characters.insert(contentsOf: Self.telling[random.below(Self.telling.count)], at: place)
      }
    }
    return String(characters)
  }

  /// A page whose every text would be HTML if it weren't escaped.
  private static let hostile = """
    {"name": "<x>\\"'&", "n": 3, "a": "<x>", "b": "<x>", "x": "<x>", "flag": true, "nick?": "<x>", "gone?": null, "xs": ["<x>", "<x>"],
     "contact": {"name": "<x>", "company?": {"name": "<x>"}}, "contacts": [{"name": "<x>", "cells": ["<x>"]}, {"name": "<x>", "cells": []}],
     "label": "<x>", "title": "<x>", "links": ["<x>", "javascript:x"], "globals": {"site": "<x>"}}
    """

  /// Loads and renders; errors must have a valid position.
  private func follow(_ sources: [String: String], _ page: TestPage) throws -> String? {
    do {
      return try page.render(
        try TemplateSet(sources: sources, filters: TestPage.filters, globals: page.globals.schema, pages: ["page": page.record.schema]))
    } catch let errors as TemplateErrors {
      for error in errors.errors { check(error) }
    } catch let error as TemplateError {
      check(error)
    }
    return nil
  }

  private func check(_ error: TemplateError) {
    #expect(error.line >= 1 && error.column >= 1)
    #expect(error.description.contains("^"))
  }

  @Test func `mutated templates are rendered or refused with a position`() throws {
    var random = SplitMix(seed: 0x7E57_0001)
    let page = try TestPage(parsing: Self.hostile)
    for _ in 0..<4 {
      for fixture in Fixture.all {
        var sources = fixture.sources
        for name in sources.keys.sorted() where random.below(3) > 0 { sources[name] = mutated(sources[name] ?? "", &random) }
        _ = try follow(sources, page)
      }
    }
  }

  @Test func `random text is rendered or refused with a position`() throws {
    var random = SplitMix(seed: 0x7E57_0002)
    let page = try TestPage(parsing: Self.hostile)
    for _ in 0..<2_000 {
      let text = (0..<random.below(25)).map { _ in String(Self.telling[random.below(Self.telling.count)]) }.joined()
      _ = try follow(["page": text], page)
    }
  }

  @Test func `no value ever opens a tag`() throws {
    var random = SplitMix(seed: 0x7E57_0003)
    let page = try TestPage(parsing: Self.hostile)
    let pieces = [
      "{{ name }}", "{{ a ~ b }}", "{{ nick|default(x) }}", "{{ xs|join }}", "{{ name|upper }}", "{{ name|truncate(2) }}", "{{ t(label) }}",
      "{{ t(\"Edit {name}\", name=name) }}", "{{ contact.name if flag else a }}", "{% for y in xs %}{{ y }}{% endfor %}",
      "{% set v = name ~ x %}{{ v }}", "{{ site }}", "{{ name|lines|length }}", "{% partial \"p\" v=name %}",
      "<i title=\"{{ name }}\" data-x='{{ a }}'>{{ b }}</i>", "<a href=\"{{ x }}\">y</a>", "<a href=\"/{{ x }}?{{ a|url }}\">y</a>",
      "{% if nick %}{{ nick }}{% endif %}",
    ]
    for _ in 0..<500 {
      let text = (0...random.below(6)).map { _ in pieces[random.below(pieces.count)] }.joined(separator: "|") + "{% partial \"p\" v=name %}"
      let html = try #require(try follow(["page": text, "p": "{% args v %}{{ v }}"], page))
      #expect(!html.lowercased().contains("<x>"), "\(text)")
    }
  }

  @Test func `deep and long templates are refused or rendered, never a crash`() throws {
    let page = try TestPage(parsing: Self.hostile)
    let deep = 5_000
    for text in [
      String(repeating: "{% if flag %}", count: deep), String(repeating: "{% for y in xs %}", count: deep),
      "{{ " + String(repeating: "(", count: deep) + "a }}", "{{ " + String(repeating: "not ", count: deep) + "a }}",
      "{{ a" + String(repeating: "|upper", count: deep) + " }}", "{{ a" + String(repeating: ".a", count: deep) + " }}",
      "{{ a" + String(repeating: " ~ a", count: deep) + " }}", "{{ " + String(repeating: "a if flag else ", count: deep) + "a }}",
      "{{ " + String(repeating: "t(", count: deep) + " }}", String(repeating: "<a ", count: deep),
      String(repeating: "{{ a }}", count: deep),
      String(repeating: "{% block b %}", count: deep), String(repeating: "{% call \"page\" %}", count: deep),
    ] {
      _ = try follow(["page": text], page)
    }
  }
}
