@testable import Admin
@testable import CRM
import Base
import Store
@testable import Templating
import TestKit
import Testing
import Web

/// Every kind of field reads what it writes, and reports anything else.
@Suite struct FieldKindTests {
  private static let greek = Formats(language: Language(tag: "el"), zone: ZoneClock("Europe/Athens"), now: Timestamp(milliseconds: 0))
  private static let american = Formats(language: .english, zone: ZoneClock("America/New_York"), now: Timestamp(milliseconds: 0))
  private static let type = RecordType.specimen

  /// A random value of a kind, or none.
  private static func value(of field: Admin.Field, _ random: inout TestKit.SplitMix) -> FieldValue {
    if random.below(5) == 0, field.missing == nil { return (try? field.kind.parse("")) ?? .empty }
    let day = "20\(10 + random.below(80))-0\(1 + random.below(9))-\(10 + random.below(18))"
    let time = "\(10 + random.below(14)):\(10 + random.below(50))"
    let words = ["Ωμέγα", "plain", "a, b", "x\"y", "<b>&", "1.234", "γραμμή"]
    switch field.name {
    case "name", "line": return .text((0...random.below(3)).map { _ in words[random.below(words.count)] }.joined(separator: " "))
    case "body": return .text("# A\n\n" + words[random.below(words.count)])
    case "status": return .text(["active", "inactive"][random.below(2)])
    case "choice": return .text(["low", "high"][random.below(2)])
    case "choices": return FieldValue(["a", "b", "c"].filter { _ in random.below(2) == 0 }.joined(separator: ","))
    case "flag": return .integer(1)
    case "since": return .text(day + "T10:11:12.345Z")
    case "date": return .text(day)
    case "time": return .text(time)
    case "moment": return .text(day + "T" + time + ":00.000Z")
    case "duration": return .integer(random.below(525_600))
    case "count": return .integer(random.below(1_001_000) - 1000)
    case "weight": return .integer(random.below(2_000_000_000) - 1_000_000_000)
    case "share": return .integer(random.below(10_001))
    case "price":
      return .amount(random.below(2_000_000_000) - 1_000_000_000, currency: Currency.all[random.below(Currency.all.count)])
    case "stamp": return .text("No. \(random.below(99))")
    case "code": return .text("AB-\(random.below(99))")
    case "email": return .text("someone\(random.below(99))@example.com")
    case "phone": return .text("+30 210 \(1_000_000 + random.below(999_999))")
    case "web": return .text("https://example.com/\(random.below(99))")
    case "country": return .text(["GR", "DE", "XK"][random.below(3)])
    case "language": return .text(["el", "en-GB"][random.below(2)])
    case "owner", "contact", "origin":
      return .reference(id: RecordID.make(at: Timestamp(milliseconds: 1)).text, name: words[random.below(words.count)])
    case "tags": return .text("Alpha, VIP, Ωμέγα")
    case "papers":
      return .text([1, 2].map { RecordID.make(at: Timestamp(milliseconds: $0)).text }.map { $0 + " " + $0 }.joined(separator: "\n"))
    case "readings":
      let rows = (0...random.below(3)).map { _ -> JSON in
        .object([
          "what": .string(words[random.below(words.count)]), "amount": .string("\(random.below(9000)).\(random.below(10))"),
          "on": .string(random.below(2) == 0 ? "" : day), "state": .string(["ok", "bad"][random.below(2)]),
        ])
      }
      return (try? field.kind.parse(json: .array(rows))) ?? .empty
    default: Issue.record("no values for \(field.name)"); return .empty
    }
  }

  @Test(arguments: [UInt64](1...40))
  func `what a kind writes it reads back: in forms of any language and zone, in files and in documents`(seed: UInt64) throws {
    var random = TestKit.SplitMix(seed: seed)
    let values = Self.type.fields.map { Self.value(of: $0, &random) }
    for formats in [Self.greek, Self.american, .exact] {
      let form = RecordForm(Self.type.posted(values, formats), of: Self.type, in: formats)
      #expect(form.errors.isEmpty, "\(form.errors)")
      for (field, pair) in zip(Self.type.fields, zip(form.values, values)) {
        // A select's options are identified by id only, and the time is that of saving.
        if field.isReadOnly { continue }
        if field.name == "owner" { #expect(pair.0.text == pair.1.text) } else { #expect(pair.0 == pair.1, "\(field.name)") }
      }
    }
    for (field, value) in zip(Self.type.fields, values) {
      let isNamed = field.kind.isReference
      let text = try field.kind.parse(field.kind.text(value))
      if field.name != "since" { #expect(isNamed ? field.kind.text(text) == field.kind.text(value) : text == value, "\(field.name)") }
      let json = try field.kind.parse(json: try JSON(parsing: field.kind.json(value).text))
      if field.name != "since" { #expect(isNamed ? field.kind.text(json) == field.kind.text(value) : json == value, "\(field.name)") }
    }
  }

  @Test(arguments: [
    ("time", "25:00", "Invalid time. Enter it like 14:05."), ("time", "2:5", "Invalid time. Enter it like 14:05."),
    ("moment", "2026-02-30T10:00", "Invalid time. Enter it like 2026-11-20 14:05."),
    ("moment", "0001-01-01T10:00", "The year 1 can’t be right."),
    ("duration", "1:75", "Enter a duration like 90, 1:30 or 1h 30m."),
    ("duration", "soon", "Enter a duration like 90, 1:30 or 1h 30m."),
    ("duration", "9000h", "Enter a time from 0:00 to 8760:00."), ("count", "1.5", "Enter a whole number, like 1,234."),
    ("count", "abc", "Enter a whole number, like 1,234."), ("count", "12,34", "Enter a whole number, like 1,234."),
    ("count", "1,000,001", "Enter a number from -1000 to 1000000."), ("weight", "1.2345", "At most 3 decimals."),
    ("weight", "1.2.3", "Enter a number, like 1,234.500."), ("weight", "1e5", "Enter a number, like 1,234.500."),
    ("weight", "99999999999999999999", "Enter a number, like 1,234.500."), ("share", "100.01", "Enter a number from 0.00 to 100.00."),
    ("price", "12.345", "EUR amounts have at most 2 decimals."), ("price", "twelve", "Enter an amount, like 1,234.50."),
    ("price", "12 XXQ", "Unknown currency code “XXQ”."),
    ("date", "2026-13-01", "Invalid date. Enter it like 2026-11-20."),
    ("email", "nobody", "Enter an e-mail address, like ann@example.com."), ("country", "ZZ", "Unknown country code “ZZ”."),
    ("choice", "middle", "Choose one of the values offered."), ("choices", "z", "Choose one of the values offered."),
    ("name", "", "Enter a name."),
  ])
  func `what can't be meant is an error that says what can`(field: String, typed: String, message: String) {
    var fields = Self.type.posted(Self.type.blank, Self.american).fields.filter { $0.name != field && $0.name != "name" }
    if field != "name" { fields.append(FormFields.Field("name", "X")) }
    let form = RecordForm(FormFields(fields + [FormFields.Field(field, typed)]), of: Self.type, in: Self.american)
    #expect(form.errors[field]?.text(in: .english) == message)
    #expect(form.form[field] == typed)
  }

  @Test(arguments: [
    ("1.234,5", "el", 1_234_500), ("1234,5", "el", 1_234_500), ("1.234", "el", 1_234_000), ("1 234,5", "el", 1_234_500),
    ("1,234.5", "en", 1_234_500), ("1,234", "en", 1_234_000), ("-1’234.5", "en", -1_234_500), ("−0,5", "el", -500), (",5", "el", 500),
    ("+12.", "en", 12_000), ("1\u{202F}234,500", "fr", 1_234_500), ("2.50000 kg", "en", 2500),
  ])
  func `a number is read as the page's language writes it`(typed: String, language: String, thousandths: Int) throws {
    let formats = Formats(language: Language(tag: language), zone: ZoneClock("UTC"), now: Timestamp(milliseconds: 0))
    let kind = DecimalField(places: 3, unit: "kg")
    #expect(try kind.parse(typed: typed, formats) == .integer(thousandths))
  }

  /// money_documents §4, case 39.
  @Test(arguments: [
    ("35,00", "el", 35_000), ("0,25", "el", 250), ("1.234,50", "el", 1_234_500), ("1.234", "el", 1_234_000), ("1.5", "el", 1500),
    ("12.34", "el", 12_340), ("0.195", "el", 195), (".5", "de", 500), ("1,5", "en", 1500), ("0,195", "en", 195), ("1,234", "en", 1_234_000),
    ("-2.5", "el", -2500), ("1.5 kg", "de", 1500), ("1.5", "fr", 1500), ("35.00", "el", 35_000),
  ])
  func `another language’s decimal mark counts where it can’t be a group mark`(typed: String, language: String, thousandths: Int) throws {
    let formats = Formats(language: Language(tag: language), zone: ZoneClock("UTC"), now: Timestamp(milliseconds: 0))
    #expect(try DecimalField(places: 3, unit: "kg").parse(typed: typed, formats) == .integer(thousandths))
  }

  @Test(arguments: [("1.2345", "el"), ("1.234.5", "el"), ("1.23.45", "en"), ("1.5.", "el"), ("5.", "el"), ("1,2,3", "en"), ("", "-")])
  func `what a mark can’t mean is asked for, not guessed`(typed: String, language: String) {
    let formats = Formats(
      language: Language(tag: language == "-" ? "en" : language), zone: ZoneClock("UTC"), now: Timestamp(milliseconds: 0))
    let kind = DecimalField(places: 3)
    if typed.isEmpty {
      #expect((try? kind.parse(typed: typed, formats)) == .empty)
    } else {
      #expect(throws: InvalidValue.self, "\(typed)") { try kind.parse(typed: typed, formats) }
      // Files accept only one notation.
      #expect(throws: InvalidValue.self) { try kind.parse("1,5") }
    }
  }

  @Test(
    arguments: [
      ("90", 90), ("1:30", 90), ("0:05", 5), ("1h 30m", 90), ("1h30", nil), ("2 h", 120), ("1.5h", 90), ("45 min", 45), ("1d 2h", 1560),
      ("30m 1h", nil), ("1 ώρα 5 λεπτά", nil), ("1.01h", nil), ("-5", nil), ("1:5", nil),
    ] as [(String, Int?)])
  func `a duration is typed in several ways`(typed: String, minutes: Int?) {
    #expect((try? DurationField().parse(typed: typed, Self.american)) == minutes.map { .integer($0) })
  }

  @Test(arguments: [("1 ώρα 5 λεπτά", "el", 65), ("1,5 Std", "de", 90), ("2 Tage", "de", 2880), ("1h 30m", "de", 90), ("1.5h", "en", 90)])
  func `a duration is typed in the words of one's language, or in English ones`(typed: String, tag: String, minutes: Int) throws {
    let language = try Languages(folder: TestApp.resources + "/Templates/languages").language(tag)
    let formats = Formats(language: language, zone: ZoneClock("UTC"), now: Timestamp(milliseconds: 0))
    #expect(try DurationField().parse(typed: typed, formats) == .integer(minutes))
  }

  @Test(arguments: [
    ("12.50 EUR", 1250, "EUR"), ("EUR 12.5", 1250, "EUR"), ("12", 1200, "EUR"), ("1200 JPY", 1200, "JPY"), ("1.234 KWD", 1234, "KWD"),
    ("-0.0001CLF", -1, "CLF"), ("usd 3", 300, "USD"),
  ])
  func `an amount has as many decimals as its currency`(text: String, minor: Int, currency: String) throws {
    #expect(try MoneyField().parse(text) == .amount(minor, currency: currency))
  }

  @Test func `a moment is typed in the zone of whoever types it, and a minute left alone keeps its seconds`() throws {
    #expect(try MomentField().parse(typed: "2026-07-01T09:30", Self.greek) == .text("2026-07-01T06:30:00.000Z"))
    #expect(try MomentField().parse(typed: "2026-12-01 09:30", Self.american) == .text("2026-12-01T14:30:00.000Z"))
    #expect(MomentField().display("2026-07-01T06:30:00.000Z", Self.greek) == "1 Ιουλ 2026, 09:30")
  }

  @Test func `people read numbers in their language`() {
    let price = MoneyField().display("1234567.5 EUR", Self.greek)
    #expect(price == "1.234.567,50\u{A0}EUR")
    #expect(DecimalField.percent().display("12.5", Self.american) == "12.50\u{A0}%")
    #expect(DecimalField.whole().display("-1234", Self.greek) == "-1.234")
    #expect(
      RecordType.specimen.field("readings")?.kind.display(#"[{"what":"A","amount":"1234.5","on":"2026-11-20","state":"ok"}]"#, Self.greek)
        == "A · 1.234,5 · 20 Νοε 2026 · Fine")
  }
}
