import Base
import Templating
import Testing

@testable import Admin

/// Times that a clock skips or shows twice.
@Suite struct TypedMomentTests {
  private func read(_ text: String, _ zone: String, now: String? = nil) -> String {
    do throws(InvalidValue) {
      return try TypedMoment.read(text, in: ZoneClock(zone), now: now.flatMap { Timestamp($0) }).text
    } catch {
      return error.message.text(in: .english)
    }
  }

  @Test(arguments: [
    ("2026-03-29T03:30", "Europe/Athens", "03:30 doesn’t exist"), ("2026-03-29 02:30", "Europe/Berlin", "02:30 doesn’t exist"),
    ("2026-03-08T02:15", "America/New_York", "02:15 doesn’t exist"), ("2026-10-04T02:10", "Australia/Lord_Howe", "02:10 doesn’t exist"),
    ("2011-12-30T10:00", "Pacific/Apia", "10:00 doesn’t exist"),
    (
      "2026-10-25T03:30", "Europe/Athens",
      "03:30 occurs twice on this date, because clocks go back. Add +03:00 for the first or +02:00 for the second."
    ),
    ("2026-11-01T01:30", "America/New_York", "Add -04:00 for the first or -05:00 for the second."),
    ("2026-11-20 14:05 +05:00", "Europe/Athens", "The offset on this date is +02:00."),
    ("2026-02-30 10:00", "UTC", "Invalid time."),
  ])
  func `an hour that is left out or comes twice is told`(text: String, zone: String, message: String) {
    #expect(read(text, zone).contains(message), "\(read(text, zone))")
  }

  @Test(arguments: [
    ("2026-03-29T02:59", "Europe/Athens", "2026-03-29T00:59:00.000Z"), ("2026-03-29T04:00", "Europe/Athens", "2026-03-29T01:00:00.000Z"),
    ("2026-10-25 03:30 +03:00", "Europe/Athens", "2026-10-25T00:30:00.000Z"),
    ("2026-10-25 03:30 +02:00", "Europe/Athens", "2026-10-25T01:30:00.000Z"),
    ("2026-10-25T04:00", "Europe/Athens", "2026-10-25T02:00:00.000Z"),
    ("2026-11-20 14:05 +02:00", "Europe/Athens", "2026-11-20T12:05:00.000Z"),
    ("2026-11-20T14:05", "UTC", "2026-11-20T14:05:00.000Z"), ("2026-11-01 01:30 −05:00", "America/New_York", "2026-11-01T06:30:00.000Z"),
  ])
  func `all others are one moment`(text: String, zone: String, moment: String) { #expect(read(text, zone) == moment) }

  @Test func `who logs a call in that hour means the time that has just been`() {
    #expect(read("2026-10-25T03:30", "Europe/Athens", now: "2026-10-25T00:31:00.000Z") == "2026-10-25T00:30:00.000Z")
    #expect(read("2026-10-25T03:30", "Europe/Athens", now: "2026-10-25T01:31:00.000Z") == "2026-10-25T01:30:00.000Z")
    #expect(read("2026-10-25T03:30", "Europe/Athens", now: "2026-10-25T09:00:00.000Z").contains("occurs twice"))
  }
}
