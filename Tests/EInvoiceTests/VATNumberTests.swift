import EInvoice
import Testing

struct VATNumberTests {
  @Test(
    arguments: [
      ("EL123456783", "GR", "EL123456783"), ("123456783", "GR", "EL123456783"), ("gr 123 456 783", "GR", "EL123456783"),
      ("EL094259216", "DE", "EL094259216"), ("DE123456789", "DE", "DE123456789"), ("123456789", "de", "DE123456789"),
      ("U12345678", "AT", "ATU12345678"), ("ATU12345678", "AT", "ATU12345678"), ("BE 0123.456.789", "BE", "BE0123456789"),
      ("CHE-123.456.788", "CH", "CHE123456788"), ("XI123456789", "GB", "XI123456789"), ("B12345678", "ES", "ESB12345678"),
      ("123456784", "GR", nil), ("EL12345678", "GR", nil), ("000000000", "GR", nil), ("", "GR", nil), ("none", "GR", nil),
      ("1", "DE", nil), ("123456783", "", nil), ("12é456", "DE", nil), ("123;456", "DE", nil), ("1234567890123456", "DE", nil),
    ] as [(String, String, String?)]) func `numbers get their prefix`(_ text: String, _ country: String, _ number: String?)
  {
    #expect(VATNumber(text, country: country)?.text == number)
  }

  @Test func `prefixes are codes of countries, except for Greece`() {
    #expect(VATNumber.europe.count == 28)
    #expect(VATNumber.prefix(of: "GR") == "EL")
    #expect(VATNumber.prefix(of: "de") == "DE")
    #expect(VATNumber.prefix(of: "NO") == "NO")
    #expect(VATNumber.prefix(of: "EL") == nil)
  }

  @Test func `exactly one last digit makes a Greek tax number`() {
    for n in [1, 12_345_678, 9_425_921, 80_000_003, 99_999_999] {
      let start = String(String(100_000_000 + n).dropFirst())
      #expect((0...9).filter { VATNumber.isGreekTaxNumber(start + String($0)) }.count == 1)
    }
    for text in ["123456783", "094259216"] { #expect(VATNumber.isGreekTaxNumber(text)) }
    for text in ["12345678", "1234567830", "12345678x", "१२३४५६७८३", ""] { #expect(!VATNumber.isGreekTaxNumber(text)) }
  }

  @Test func `IBANs are checked`() {
    #expect(IBAN.normalized("gr16 0110 1250 0000 0001 2300 695") == "GR1601101250000000012300695")
    #expect(IBAN.normalized("DE89370400440532013000") == "DE89370400440532013000")
    for text in ["", "GR", "DE89370400440532013001", "DE8937040044053201300é", "0089370400440532013000"] {
      #expect(IBAN.normalized(text) == nil)
    }
  }
}
