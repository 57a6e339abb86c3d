import Testing

@testable import Admin
@testable import CRM

@Test(arguments: [
  ("", ""), ("   ", ""), ("Ann Lee", "AL"), ("ann", "A"), ("  ann  marie lee ", "AM"), ("Γιώργος Παπαδόπουλος", "ΓΠ"), ("άννα ωμέγα", "ΆΩ"),
  ("ßtraße x", "SSX"), ("e\u{301}mile zola", "E\u{301}Z"), ("x\u{301}", "X\u{301}"), ("\u{301} b", "\u{301}B"), ("👩‍👩‍👧 Family", "👩‍👩‍👧F"),
  ("李 雷", "李雷"), ("(ann) 'b'", "('"), ("a b c", "AB"), ("ŉ ı", "ʼNI"), ("3M Hellas", "3H"),
])
func `initials are the first characters of the first two words, as capitals`(name: String, initials: String) {
  #expect(Initials.of(name) == initials)
  #expect(
    Initials.of(name)
      == String(name.utf8.split(separator: UInt8(ascii: " "), maxSplits: 2).prefix(2).compactMap { Substring($0).first }).uppercased())
}
