import Foundation
import Testing

@testable import Templating

/// Templates and their output, one file each. `RECORD_SNAPSHOTS=1` writes the output into the files, to be reviewed
/// before it is committed.
@Suite struct FixtureTests {
  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

  @Test(arguments: Fixture.all)
  func `a template renders as its fixture says`(fixture: Fixture) throws {
    let outcome = try fixture.outcome()
    if Self.isRecording { try fixture.record(outcome) } else { #expect(outcome == fixture.expected) }
  }

  @Test func `there are fixtures, a third of them errors`() {
    let errors = Fixture.all.filter { $0.expected?.contains("^") == true }
    #expect(Fixture.all.count >= 90)
    #expect(errors.count * 3 >= Fixture.all.count)
  }
}
