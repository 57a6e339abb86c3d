import Base
import Testing

@testable import Admin
@testable import CRM

/// Local times as typed, and the moments that they mean.
@Suite struct WallTimeTests {
  @Test(arguments: [
    // Plain times, half-hour and quarter-hour zones.
    ("2026-11-20T14:05", "UTC", "2026-11-20T14:05:00.000Z"), ("2026-11-20T14:05", "Europe/Athens", "2026-11-20T12:05:00.000Z"),
    ("2026-07-20T14:05", "Europe/Athens", "2026-07-20T11:05:00.000Z"), ("2026-11-20T14:05", "Asia/Kolkata", "2026-11-20T08:35:00.000Z"),
    ("2026-11-20T14:05", "Asia/Kathmandu", "2026-11-20T08:20:00.000Z"), ("2026-11-20 14:05:09", "UTC", "2026-11-20T14:05:09.000Z"),
    ("2026-11-20T14:05", "America/St_Johns", "2026-11-20T17:35:00.000Z"),
    // Skipped: 03:00 becomes 04:00. A time in between counts on from before.
    ("2026-03-29T02:59", "Europe/Athens", "2026-03-29T00:59:00.000Z"), ("2026-03-29T03:30", "Europe/Athens", "2026-03-29T01:30:00.000Z"),
    ("2026-03-29T04:30", "Europe/Athens", "2026-03-29T01:30:00.000Z"),
    // Repeated: 04:00 becomes 03:00. The first of the two.
    ("2026-10-25T02:59", "Europe/Athens", "2026-10-24T23:59:00.000Z"), ("2026-10-25T03:30", "Europe/Athens", "2026-10-25T00:30:00.000Z"),
    ("2026-10-25T04:00", "Europe/Athens", "2026-10-25T02:00:00.000Z"),
    // Lord Howe moves by half an hour, Samoa skipped a whole day.
    ("2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00.000Z"),
    ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00.000Z"),
    ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T22:00:00.000Z"),
  ])
  func `a time on the wall is a moment`(text: String, zone: String, moment: String) throws {
    let wall = try #require(WallTime(text))
    #expect(ZoneClock(zone).moment(of: wall)?.text == moment)
  }

  @Test(arguments: [
    "", "T", "2026-11-20", "14:05", "2026-11-20T14", "2026-11-20T14:5", "2026-13-01T00:00", "2026-02-29T00:00", "2026-04-31T10:00",
    "2026-11-20T24:00", "2026-11-20T14:60", "2026-11-20T14:05:61", "2026-11-20T14:05Z", "2026-11-20T14:05+02:00", "20261-11-20T14:05",
    "+026-11-20T14:05", "２０２６-11-20T14:05", "2026-11-20TT14:05", " 2026-11-20T14:05x", "2026-11-20T14:05 15:00", "26-11-20 14:05",
  ])
  func `what is no time on any wall is refused`(text: String) {
    #expect(WallTime(text) == nil)
  }

  @Test func `every time comes back as it was written`() {
    for minute in stride(from: 0, to: 2 * 366 * 24 * 60, by: 7) {
      let civil = Timestamp(milliseconds: 1_767_225_600_000 + Int64(minute) * 60_000).civil
      let wall = WallTime(civil)
      #expect(WallTime(wall.text) == wall)
    }
  }

  @Test func `a moment on the wall is that moment again, save in an hour that comes twice`() throws {
    for zone in ["Europe/Athens", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "Pacific/Chatham"] {
      let clock = ZoneClock(zone)
      for step in 0..<(366 * 24 * 2) {
        let moment = Timestamp(milliseconds: 1_767_225_600_000 + Int64(step) * 1_800_000)
        let back = try #require(clock.moment(of: WallTime(clock.local(moment))))
        if back != moment {
          #expect(clock.local(back) == clock.local(moment), "\(zone) \(moment)")
          #expect(back < moment, "the first of the two: \(zone) \(moment)")
        }
      }
    }
  }

  @Test(arguments: [
    ("Europe/Athens", "Europe/Athens"), ("europe/athens", "Europe/Athens"), ("america/new york", "America/New_York"), ("UTC", "UTC"),
  ])
  func `a zone is known by its name`(typed: String, name: String) {
    #expect(ZoneClock.named(typed)?.identifier == name)
  }

  @Test(arguments: ["", "Athens", "Europe", "Mars/Base", "../../etc/passwd", "Europe/Athens\u{0}", String(repeating: "x", count: 10_000)])
  func `a zone that nobody knows is none`(typed: String) {
    #expect(ZoneClock.named(typed) == nil)
  }
}
