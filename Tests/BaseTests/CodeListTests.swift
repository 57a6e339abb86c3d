import Base
import Testing

struct CodeListTests {
  @Test func `countries are those of ISO 3166-1 and Kosovo, each once, by name`() {
    #expect(Country.all.count == 250)
    #expect(Set(Country.all.map(\.code)).count == 250)
    #expect(Country.all.allSatisfy { $0.code.count == 2 && $0.code.utf8.allSatisfy { 65...90 ~= $0 } })
    #expect(Country.name(of: "gr") == "Greece")
    #expect(Country.name(of: "XK") == "Kosovo")
    for code in ["XX", "UK", "EU", "", "G", "GRC", "ΓΡ"] { #expect(Country.name(of: code) == nil, "\(code)") }
    let names = Country.all.map { TextFolding.fold($0.name) }
    #expect(names == names.sorted())
  }

  @Test func `common languages have well-formed tags, each once`() {
    #expect(Set(LanguageTag.common.map(\.code)).count == LanguageTag.common.count)
    #expect(LanguageTag.common.allSatisfy { LanguageTag.isWellFormed($0.code) && !$0.ownName.isEmpty })
    #expect(LanguageTag.name(of: "el") == "Greek")
  }

  @Test(arguments: [
    "el", "EL", "pt-BR", "zh-Hant-TW", "sr-Latn-RS", "es-419", "de-CH-1996", "sl-rozaj-biske", "zh-cmn-Hans-CN", "en-a-myext-b-another",
    "x-anything", "de-CH-x-phonebk", "az-Arab-x-AZE-derbend", "en-GB-oed", "i-klingon", "zh-min-nan", "haw", "de-1901-1901",
  ])
  func `well-formed tags`(tag: String) { #expect(LanguageTag.isWellFormed(tag)) }

  @Test(arguments: [
    "", "e", "-", "el-", "-el", "el--GR", "el_GR", "ελ", "a-DE", "de-419-DE", "en-a", "en-x", "x", "x-", "abcdefghi", "en-a-b", "de-DE-1",
    "english language", "Greek", "deutsch", "abcd", "en-US ", "1e", "en-abcdefghi",
  ])
  func `malformed tags`(tag: String) { #expect(!LanguageTag.isWellFormed(tag)) }
}
