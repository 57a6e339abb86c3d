import Base
import Glibc
import TestKit
import Testing

struct TimestampTests {
  @Test func `text is fixed width with milliseconds`() {
    #expect(Timestamp(milliseconds: 0).text == "1970-01-01T00:00:00.000Z")
    #expect(Timestamp(milliseconds: -1).text == "1969-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: 1_795_212_198_123).text == "2026-11-20T22:03:18.123Z")
  }

  @Test func `every moment from 1900 to 2200 reads back as itself`() {
    var random = SplitMix(seed: 0x71_0001)
    for _ in 0..<20_000 {
      let moment = Timestamp(milliseconds: .random(in: -2_208_988_800_000..<7_289_654_400_000, using: &random))
      #expect(Timestamp(moment.text) == moment)
    }
  }

  @Test func `the calendar agrees with the C library, day by day`() {
    for day in -25_600..<84_100 {
      var time = time_t(day * 86_400 + 45_296)
      var expected = tm()
      gmtime_r(&time, &expected)
      let civil = Timestamp(milliseconds: Int64(time) * 1000 + 7).civil
      let weekday = expected.tm_wday == 0 ? 7 : Int(expected.tm_wday)
      let same =
        civil.year == Int(expected.tm_year) + 1900 && civil.month == Int(expected.tm_mon) + 1 && civil.day == Int(expected.tm_mday)
        && civil.weekday == weekday && (civil.hour, civil.minute, civil.second, civil.millisecond) == (12, 34, 56, 7)
      #expect(same, "day \(day): \(civil)")
    }
  }

  @Test func `texts sort as moments do`() {
    var random = SplitMix(seed: 0x71_0002)
    let moments = (0..<1000).map { _ in
      Timestamp(milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &random))
    }
    #expect(moments.sorted().map(\.text) == moments.map(\.text).sorted())
  }

  @Test(arguments: [
    ("2026-11-20T22:03:18.123Z", 1_795_212_198_123), ("2026-11-20T22:03:18Z", 1_795_212_198_000),
    ("2026-11-20 22:03:18", 1_795_212_198_000), ("2026-11-20T22:03:18.1Z", 1_795_212_198_100),
    ("2026-11-20T22:03:18.123456789Z", 1_795_212_198_123), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ("0000-01-01T00:00:00.000Z", -62_167_219_200_000),
  ])
  func `the accepted forms`(text: String, milliseconds: Int) {
    #expect(Timestamp(text)?.milliseconds == Int64(milliseconds))
  }

  @Test(arguments: [
    "", "2026-11-20", "2026-11-20T22:03", "2026-11-20T22:03:18", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z",
    "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-20T24:00:00Z", "2026-11-20T22:60:00Z", "2026-11-20T22:03:60Z",
    "2026-11-20T22:03:18.Z", "2026-11-20T22:03:18,123Z", "2026-11-20T22:03:18.12aZ", "2026-11-20T22:03:18+02:00",
    "2026-11-20t22:03:18z", " 2026-11-20T22:03:18Z", "+026-11-20T22:03:18Z", "２026-11-20T22:03Z", "2026-11-20T22:03:18.1234567890Z",
  ])
  func `other texts and impossible dates are refused`(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func `moments beyond four-digit years are clamped`() {
    #expect(Timestamp(milliseconds: .max).text == "9999-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: .min).text == "0000-01-01T00:00:00.000Z")
  }

  @Test func `parts make a moment only when they exist`() {
    #expect(
      Timestamp(year: 2026, month: 11, day: 20, hour: 22, minute: 3, second: 18, millisecond: 123)?.text == "2026-11-20T22:03:18.123Z")
    #expect(Timestamp(year: 2025, month: 2, day: 29) == nil)
    #expect(Timestamp(year: 10_000, month: 1, day: 1) == nil)
  }
}
