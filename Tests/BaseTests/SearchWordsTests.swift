import Base
import Testing

/// Indexed terms, and queries.
struct SearchWordsTests {
  @Test(arguments: [
    ("Ann Smith", ["ann", "smith"]), ("D'Arbel", ["d", "arbel", "darbel"]), ("Jean-Luc Picard", ["jean", "luc", "jeanluc", "picard"]),
    ("J.R.R. Tolkien, S.A.", ["j", "r", "r", "jrr", "tolkien", "s", "a", "sa"]),
    ("john.smith@example.com", ["john", "smith", "example", "com"]),
    ("AT&T", ["at", "t", "att"]), ("a - b", ["a", "b"]), ("'quoted'", ["quoted"]), ("-x", ["x"]),
    ("Αϊ-Γιώργης", ["αι", "γιωργησ", "αιγιωργησ"]),
    ("山田太郎", ["山田", "田太", "太郎", "郎"]), ("東京2020", ["東京", "京", "2020"]), ("กรุงเทพ", ["กรุ", "รุง", "งเ", "เท", "ทพ", "พ"]),
    ("हिन्दी", ["हिन्दी"]), ("%*-🎉", []), ("", []),
  ])
  func `indexed`(text: String, words: [String]) { #expect(SearchWords.indexed(text) == words) }

  @Test(arguments: [
    ("太郎", "山田太郎"), ("田", "山田太郎"), ("郎", "山田太郎"), ("เทพ", "กรุงเทพ"), ("ສະຫວັນ", "ນະຄອນຫຼວງສະຫວັນນະເຂດ"), ("ភ្នំ", "រាជធានីភ្នំពេញ"),
    ("ကုန်", "ရန်ကုန်မြို့"), ("스미스", "존스미스"), ("철수", "김철수"), ("スミス", "ジョン・スミス"), ("darbel", "D'Arbel"), ("d'arbel", "Darbel"), ("arbel", "D’Arbel"),
    ("jean luc", "Jean-Luc"), ("jeanluc", "Jean‑Luc"), ("jean-luc", "Jean Luc"), ("jean-luc", "Jeanluc"), ("usa", "U.S.A."),
    ("U.S.", "USA"),
    ("fiance", "ﬁancé"), ("ＦＵＬＬ", "Full"), ("hawai'i", "Hawaiʻi"), ("hawaii", "Hawaiʻi"), ("gal·la", "Galla"),
  ])
  func `found`(typed: String, text: String) {
    let words = SearchWords.indexed(text)
    #expect(SearchWords.asked(typed).allSatisfy { $0.isThere { start in words.contains { $0.hasPrefix(start) } } }, "\(words)")
    #expect(!SearchWords.asked(typed).isEmpty)
  }

  @Test(arguments: [("太田", "山田太郎"), ("neil", "Oneil"), ("ดี", "ดู"), ("luc jean x", "Jean-Luc")])
  func `not found`(typed: String, text: String) {
    let words = SearchWords.indexed(text)
    #expect(!SearchWords.asked(typed).allSatisfy { $0.isThere { start in words.contains { $0.hasPrefix(start) } } }, "\(words)")
  }
}
