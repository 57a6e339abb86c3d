import Base
import Testing

/// Names in Greek letters, and how people write them with Latin ones.
struct SoundKeyTests {
  @Test(arguments: [
    ("Παπαδόπουλος", ["papadopoulos", "papadopulos"]), ("Αιγαίο", ["aigaio", "egeo"]), ("Γιώργος", ["giorgos", "yorgos", "Jorgos"]),
    ("Γιάννης", ["giannis", "yannis", "yiannis", "gianis"]), ("Χρήστος", ["christos", "hristos", "khristos"]),
    ("Θεσσαλονίκη", ["thessaloniki", "tessaloniki"]),
    ("Ευάγγελος", ["evangelos", "euaggelos", "evaggelos", "efangelos"]), ("Μπάμπης", ["mpampis", "babis", "bampis"]),
    ("Αντώνης", ["antonis", "andonis", "adonis"]),
    ("Φωτεινή", ["foteini", "fotini", "photeini"]), ("Ξένια", ["xenia", "ksenia"]), ("Κωνσταντίνος", ["konstantinos", "constantinos"]),
    ("Αγία", ["agia", "ayia"]), ("Παύλος", ["pavlos", "paulos", "paflos"]), ("Μιχαήλ", ["michail", "mihail"]),
    ("Παπαϊωάννου", ["papaioannou", "papaioanou", "papaioannu"]),
    ("Γκίκας", ["gkikas", "gikas"]), ("Πειραιάς", ["peiraias", "pireas", "pireas"]), ("Ψαρράς", ["psarras", "psaras"]),
    ("Άγγελος", ["aggelos", "angelos"]),
    ("Δημήτρης", ["dimitris", "dimitrys"]), ("Γεώργιος", ["georgios", "yeoryios"]), ("Λαμπρινή", ["lamprini", "lambrini", "labrini"]),
    ("Βασίλης", ["vasilis", "vassilis"]),
  ])
  func `one sounds like the other`(greek: String, latin: [String]) {
    let key = SoundKey.of(TextFolding.fold(greek))
    for word in latin { #expect(SoundKey.of(TextFolding.fold(word)) == key, "\(word)") }
  }

  @Test(arguments: [("Γιώργος", "γεωργία"), ("Νίκος", "nikolas"), ("Μαρία", "marios"), ("Παπάς", "pipas"), ("Κώστας", "kostis")])
  func `others don't`(one: String, other: String) { #expect(SoundKey.of(TextFolding.fold(one)) != SoundKey.of(TextFolding.fold(other))) }

  @Test func `other scripts and numbers have no key`() {
    for word in ["", "17", "a1", "иван", "山田"] { #expect(SoundKey.of(word) == nil) }
  }
}
