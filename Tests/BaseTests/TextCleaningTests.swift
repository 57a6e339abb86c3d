import Base
import Testing

@Suite struct TextCleaningTests {
  @Test(arguments: [
    "", " ", "\u{200B}", "\u{AD}", "\u{3164}", "\u{2800}", "\u{301}", " \u{301}\u{308} ", "\u{FEFF}\u{2060}", "\u{202E}\u{202C}",
    "\u{A0}\u{2003}",
    "\u{200D}", "\u{FE0F}", "\u{115F}\u{1160}", "\u{FFA0}", "\u{1}\u{7F}", "\u{2028}", "\u{E0041}", "\u{34F}",
  ])
  func `invisible text is empty`(text: String) {
    #expect(TextNormalizing.clean(text) == "")
    #expect(TextNormalizing.line(text) == "")
  }

  @Test(arguments: [
    ("Ann\tArcher", "Ann Archer"), ("Ann\r\nArcher", "Ann Archer"), ("Ann \t Archer", "Ann  Archer"), ("Ann\u{200B}Archer", "AnnArcher"),
    ("\u{202E}rehcrA", "rehcrA"), ("An\u{AD}n", "Ann"), ("Ann\u{0}\u{7}", "Ann"), ("A\u{301}nn", "Ánn"), ("\u{FEFF}Ann", "Ann"),
    ("Ann\u{2028}Archer", "Ann Archer"), ("O\u{200D}K", "OK"), ("נ\u{200F}ועה", "נועה"), ("Ann\u{2066}x\u{2069}", "Annx"),
    // These change the appearance: Persian and Hindi spelling, a family, a coloured heart.
    ("می\u{200C}خواهم", "می\u{200C}خواهم"), ("क्\u{200D}ष", "क्\u{200D}ष"), ("👩\u{200D}👧", "👩\u{200D}👧"), ("❤\u{FE0F}", "❤\u{FE0F}"),
    ("👁\u{FE0F}\u{200D}🗨\u{FE0F}", "👁\u{FE0F}\u{200D}🗨\u{FE0F}"), ("Ärzte für Öl, Αθήνα, Київ", "Ärzte für Öl, Αθήνα, Київ"),
  ])
  func `a line keeps visible characters, with spaces for tabs and breaks`(typed: String, kept: String) {
    let line = TextNormalizing.line(typed)
    #expect(Array(line.unicodeScalars) == Array(kept.unicodeScalars))
    #expect(TextNormalizing.line(line) == line)
  }

  @Test func `a text keeps its lines and tabs and loses other control characters`() {
    #expect(TextNormalizing.clean(" One\r\nTwo\rThree\u{85}Four\tFive\u{0}\u{8} ") == "One\nTwo\nThree\nFour\tFive")
    #expect(TextNormalizing.clean("Two\u{2029}lines\u{9F}") == "Two\nlines")
  }
}
