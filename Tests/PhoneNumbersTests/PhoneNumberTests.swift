import PhoneNumbers
import Testing

struct PhoneNumberTests {
  @Test(arguments: [
    ("+44 (0)20 7946 0000", "", "+442079460000"), ("210-1234567 ext. 45", "GR", "+302101234567;ext=45"),
    ("+1-608-271-9000-x11", "", "+16082719000;ext=11"), ("+1-608-271-9000 / 8", "", "+16082719000;ext=8"),
    ("0049 30 1234567", "", "+49301234567"), ("0049 30 1234567", "US", "+49301234567"), ("(0049) 30 1234567", "GR", "+49301234567"),
    ("tel:+302101234567", "", "+302101234567"), ("(+30) 210 1234567", "", "+302101234567"), ("+30 210 1234567", "DE", "+302101234567"),
    ("030/1234567", "DE", "+49301234567"), ("٢١٠١٢٣٤٥٦٧", "GR", "+302101234567"), ("＋３０ ２１０ １２３４５６７", "", "+302101234567"),
    ("210 1234567#45", "GR", "+302101234567;ext=45"), ("01234 567", "DE", "+491234567"), ("06 1234 5678", "IT", "+390612345678"),
    ("210 1234567 / 6944123456", "GR", "+302101234567"), ("1-800-FLOWERS", "US", "+18003569377"),
    ("+44 020 7946 0000", "", "+442079460000"),
    ("+49 170 1234567", "", "+491701234567"), ("+33 1 42 68 53 00", "", "+33142685300"), ("+357 818 2212488", "", "+3578182212488"),
  ])
  func `a number is parsed to its international form`(text: String, country: String, expected: String) {
    #expect(PhoneNumber(text, country: country.isEmpty ? nil : country)?.text == expected)
  }

  @Test(arguments: [
    ("2101234567", ""), ("210 12", "GR"), ("12345", "GR"), ("none", "GR"), ("", "GR"), ("+", "GR"), ("+999 123 4567", "GR"),
    ("+30 210", "GR"),
    ("1, 2 and 3", "GR"), ("2101234567 2101234568 2101234569", "GR"), (String(repeating: "1", count: 300), "GR"), ("\u{0}", "GR"),
  ])
  func `an invalid number is refused`(text: String, country: String) {
    #expect(PhoneNumber(text, country: country.isEmpty ? nil : country) == nil)
  }

  /// The fast path gives the same results as the library: a bracket in the text bypasses the fast path.
  @Test(arguments: [
    "+30 210 1234567", "+306944123456", "+44 20 7946 0000", "+447700900123", "+49 1701234567", "+33 6 12 34 56 78", "+30 2310 999999",
  ])
  func `the fast path gives the same results as the library`(text: String) {
    let long = PhoneNumber("(" + text.prefix(3) + ")" + text.dropFirst(3), country: nil)
    #expect(long != nil)
    #expect(PhoneNumber(text, country: nil) == long)
  }

  @Test func `a partly typed number is enough for a search`() {
    #expect(PhoneNumber.beginning("+30 210 12", country: nil)?.national == "21012")
  }

  @Test func `countries are identified by their codes`() {
    #expect(PhoneNumber.knows(country: "GR"))
    #expect(!PhoneNumber.knows(country: "Greece"))
    #expect(!PhoneNumber.knows(country: "ZZ"))
  }
}
