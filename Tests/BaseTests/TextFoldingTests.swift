import Base
import Foundation
import Testing

struct TextFoldingTests {
  @Test(arguments: [
    ("Μπίμπης", "μπιμπησ"), ("ΓΙΏΡΓΟΣ", "γιωργοσ"), ("Γιώργος", "γιωργοσ"), ("γιωργος", "γιωργοσ"), ("ΐΰϊϋΪ", "ιυιυι"),
    ("ᾳᾍῷ", "ααω"), ("René", "rene"), ("RENE\u{301}", "rene"), ("Łódź", "lodz"), ("Straße STRASSE ẞ", "strasse strasse ss"),
    ("İstanbul Iğdır ısı", "istanbul igdir isi"), ("Ærø Œuvre Đorđe Þór Ðóra", "aero oeuvre dorde thor dora"), ("ЁЛКА Йод", "елка иод"),
    ("Ångström \u{212B}", "angstrom a"), ("Việt Nam", "viet nam"), ("日本語", "日本語"), ("ｶﾞ ガ", "カ カ"),
    ("  two\t\u{A0}\n words  ", "two words"), ("", ""), (" \n ", ""), ("zero\u{200B}width\u{AD}hy", "zerowidthhy"), ("A", "a"),
    ("O'Neil & Söhne", "oneil & sohne"), ("O’Neil Oʼneil O‘NEIL O`neil O´neil O′neil", "oneil oneil oneil oneil oneil oneil"),
    ("Hawaiʻi", "hawaii"), ("Дем’янчук", "демянчук"), ("Jean-Luc", "jean luc"),
    ("Jean‑Luc Jean–Luc Jean－Luc", "jean luc jean luc jean luc"),
    ("Col·lecció", "col leccio"), ("ジョン・スミス", "ション スミス"), ("A- B -5 a--b - x-", "a- b -5 a--b - x-"), ("2010–2015", "2010 2015"),
    ("ﬁancé ﬂ ﬃ ﬆ ĳ ǆ", "fiance fl ffi st ij dz"), ("ＦＵＬＬ　ｗｉｄｔｈ １２", "full width 12"), ("Ⅷ ⅳ ™ № ²", "viii iv tm no 2"), ("Ⓐⓩ 𝐀𝓫", "az ab"),
    ("٢٠٢٦ ๒๐", "2026 20"), ("ŋ ə Ɓ ŉ ſ", "n e b n s"), ("کی ﻻ مـد", "كي لا مد"), ("אָב ד״ר ג׳", "אב ד״ר ג"), ("กรุงเทพฯ ดี ดู", "กรุงเทพฯ ดี ดู"),
    ("हिन्दी", "हिन्दी"),
  ])
  func `folding`(text: String, expected: String) {
    // Compared by scalars: Swift's == would call different forms of the same text equal.
    #expect(Array(TextFolding.fold(text).unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test func `a query without final sigma finds a name with one`() {
    #expect(TextFolding.fold("μπιμπης") == TextFolding.fold("Μπίμπης"))
  }

  @Test func `folding twice changes nothing, for every character there is`() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .unassigned else { continue }
      let once = TextFolding.fold("x\(scalar)y")
      #expect(TextFolding.fold(once).unicodeScalars.elementsEqual(once.unicodeScalars), "U+\(String(value, radix: 16))")
    }
  }

  @Test func `folding does not depend on composed or decomposed spelling`() {
    for value in UInt32(0xC0)..<0x3000 {
      guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .unassigned else { continue }
      let text = String(scalar)
      let decomposed = text.decomposedStringWithCanonicalMapping
      #expect(
        TextFolding.fold(text).unicodeScalars.elementsEqual(TextFolding.fold(decomposed).unicodeScalars), "U+\(String(value, radix: 16))")
    }
  }

  @Test func `a prefix folds to a prefix`() {
    let text = "Παπαδόπουλος Straße Ærø René"
    for length in 0...text.count {
      #expect(TextFolding.fold(text).hasPrefix(TextFolding.fold(String(text.prefix(length)))))
    }
  }

  @Test func `a prefix can end in a hyphen`() {
    for text in ["Jean-", "Jean-Luc", "Jean‑L"] { #expect(TextFolding.fold("Jean-Luc").hasPrefix(TextFolding.beginning(text))) }
    #expect(TextFolding.beginning("-") == "-")
    #expect(TextFolding.beginning("a -") == "a -")
  }

  @Test func `a name is the same however its parts are joined`() {
    for typed in ["jean luc d'arbel", "JeanLuc DArbel", "Jean‑Luc D’Arbel"] { #expect(TextFolding.isSame(typed, "Jean-Luc D'Arbel")) }
    for typed in ["", "jean", "-", "jean luc darbe"] { #expect(!TextFolding.isSame(typed, "Jean-Luc D'Arbel")) }
    #expect(!TextFolding.isSame("", "-"))
    #expect(TextFolding.isSame("🎉", "🎉"))
    #expect(!TextFolding.isSame("🎉", "🎊"))
  }

  @Test func `words are runs of letters and digits`() {
    #expect(TextFolding.words("O'Neil, Ελένη (GR-17) a@b.gr") == ["o", "neil", "ελενη", "gr", "17", "a", "b", "gr"])
    #expect(TextFolding.words(" -- ").isEmpty)
  }

  @Test func `digits of any script become ASCII digits`() {
    #expect(TextFolding.digits("+30 (210) 123-45.67") == "302101234567")
    #expect(TextFolding.digits("٠١٢ ３４ ½ x²") == "01234")
  }
}

struct TextNormalizingTests {
  @Test(arguments: [
    ("  plain text \n", "plain text"), ("", ""), (" \t", ""), ("Μπίμπης ", "Μπίμπης"), ("e\u{301}", "\u{E9}"),
    ("\u{A0}Ärzte\u{3000}", "Ärzte"), ("\u{212B}", "\u{C5}"), ("α\u{387}β", "α\u{B7}β"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"),
    (" inner  space ", "inner  space"), ("\u{85}x\u{85}", "x"),
  ])
  func `cleaning`(text: String, expected: String) {
    #expect(Array(TextNormalizing.clean(text).unicodeScalars) == Array(expected.unicodeScalars))
  }

  @Test func `every Latin, Greek and Cyrillic character is normalized as by Foundation`() {
    for value in Array(0x21..<UInt32(0x600)) + Array(0x1E00..<0x2000) {
      guard let scalar = Unicode.Scalar(value), !scalar.properties.isWhitespace else { continue }
      if [.unassigned, .control].contains(scalar.properties.generalCategory) { continue }
      for text in ["α\(scalar)", "a\(scalar)\u{301}"] {
        let expected = text.precomposedStringWithCanonicalMapping
        #expect(TextNormalizing.clean(text).unicodeScalars.elementsEqual(expected.unicodeScalars), "U+\(String(value, radix: 16))")
      }
    }
  }
}
