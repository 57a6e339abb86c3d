import Foundation
import Testing

@testable import Templating

/// Templates and what comes of them, one file each. `RECORD_SNAPSHOTS=1` writes what came out into the files, to be read before it is kept.
@Suite struct FixtureTests {
  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

  @Test(arguments: Fixture.all)
  func `a template gives what its fixture says`(fixture: Fixture) throws {
    let outcome = try fixture.outcome()
    if Self.isRecording { try fixture.record(outcome) } else { #expect(outcome == fixture.expected) }
  }

  @Test func `there are fixtures, a third of them errors`() {
    let errors = Fixture.all.filter { $0.expected?.contains("^") == true }
    #expect(Fixture.all.count >= 90)
    #expect(errors.count * 3 >= Fixture.all.count)
  }
}
