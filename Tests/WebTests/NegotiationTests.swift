import Testing
import Web

struct NegotiationTests {
  @Test(arguments: [
    ("el", "el"), ("el-GR", "el"), ("EL-gr,en;q=0.5", "el"), ("de,el;q=0.3", "el"), ("en;q=0.5,el;q=0.9", "el"), ("el,en", "el"),
    ("en,el", "en"),
    ("en-US;q=0.8, el-GR;q=0.8", "en"), ("*", "en"), ("de, *;q=0.1", "en"), ("pt-BR", "pt-BR"), ("el;q=1.0", "el"), ("el ; q=0.2", "el"),
    ("*, en;q=0", "el"), (";;;,,q=1,el;q=0.1", "el"), ("pt-br", "pt-BR"), ("EN;q=0, EL;q=0, *;q=0.1", "pt-BR"),
  ])
  func `the visitor's best language is chosen`(header: String, expected: String) {
    #expect(Preferences(header).language(among: ["en", "el", "pt-BR"]) == expected)
  }

  @Test(arguments: [nil, "", "de", "pt", "el;q=0", "el;q=nonsense", "el;q=2", ";;,,", "e", "greek", "*, en;q=0, el;q=0, pt-br;q=0"])
  func `no unrequested language is chosen`(header: String?) {
    #expect(Preferences(header).language(among: ["en", "el", "pt-BR"]) == nil)
  }

  @Test(arguments: [
    ("\"a\"", true), ("W/\"a\"", true), ("\"b\", \"a\"", true), ("\"b\",W/\"a\" ", true), ("*", true), (" \"a\"", true), ("\"b\"", false),
    ("", false),
    ("a", false), ("\"A\"", false), ("\"a", false),
  ])
  func `a copy is current if its tag is named`(header: String, isGood: Bool) {
    #expect(ETag.matches(header, "\"a\"") == isGood)
    #expect(ETag.matches(header, "W/\"a\"") == isGood)
  }

  @Test func `without If-None-Match no copy is current`() {
    #expect(!ETag.matches(nil, "\"a\""))
  }
}
