import Foundation
import Testing
import Web

@testable import TestKit

private let recordsSnapshots = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"

@Suite struct SnapshotTests {
  private func response(_ body: String, status: Int = 200, type: String = "text/html; charset=utf-8") -> Response {
    var response = Response(status: status, body: .bytes(Array(body.utf8)))
    response.headers.add("Content-Type", type)
    return response
  }

  @Test func `a page is its status, chosen headers and main`() {
    var response = response("<html><body><nav>x</nav><main><h1>Hi</h1></main></body></html>")
    response.headers.add("Set-Cookie", "roost_session=secret; HttpOnly")
    response.headers.add("Cache-Control", "no-store")
    response.headers.add("X-Request-Id", "0123456789abcdef")
    #expect(
      Snapshot.page(response: response) == """
        HTTP 200
        Content-Type: text/html; charset=utf-8
        Cache-Control: no-store
        Set-Cookie: roost_session

        <main>
          <h1>Hi</h1>
        </main>

        """)
    #expect(Snapshot.layout(response).contains("<nav>x</nav>"))
  }

  @Test func `a redirect has no body and a masked location`() {
    var response = Response(status: 303)
    response.headers.add("Location", "/admin/crm/contacts/01890A5D-AC96-774B-BCCE-B302099A8057")
    #expect(Snapshot.page(response: response) == "HTTP 303\nLocation: /admin/crm/contacts/{id1}\n")
  }

  @Test func `other content is kept as it is, and a stream is read to its end`() {
    var response = response("{\"items\": []}", type: "application/json")
    #expect(Snapshot.page(response: response).hasSuffix("\n\n{\"items\": []}"))
    let pieces = Pieces(["a;", "b\n"])
    response.body = .stream { pieces.next() }
    #expect(Snapshot.page(response: response).hasSuffix("\n\na;b\n"))
  }

  @Test func `equal ids stay equal and others differ`() {
    let (a, b) = ("0199aaaa-0000-7000-8000-00000000000a", "0199aaaa-0000-7000-8000-00000000000b")
    #expect(Mask().apply(to: "\(b) \(a) \(b)") == "{id1} {id2} {id1}")
  }

  @Test(arguments: [
    (#"<input type="hidden" name="csrf_token" value="abc">"#, #"<input type="hidden" name="csrf_token" value="{token}">"#),
    ("/assets/9f8e7d6c5b/css/roost.css", "/assets/{digest}/css/roost.css"),
    ("?q=x&amp;after=MjAyNi0x&amp;per_page=50", "?q=x&amp;after={cursor1}&amp;per_page=50"),
    ("id 0123456789abcdef.", "id {request}."),
    ("1234567890123456", "1234567890123456"),
    ("/setup/Zk3uPq9-aB_cD0eF1gH2iJ3kL4mN5oP6qR7sT8uV9wX", "/setup/{token}"),
    ("a-very-long-name-of-a-class-that-is-43-long-x", "a-very-long-name-of-a-class-that-is-43-long-x"),
    (#"<time datetime="2026-11-20T22:03:18.123Z">2 min ago</time>"#, #"<time datetime="{time1}">{when}</time>"#),
    ("2026-11-20", "2026-11-20"),
  ])
  func `volatile values are masked and nothing else`(text: String, masked: String) {
    #expect(Mask().apply(to: text) == masked)
    #expect(Mask().apply(to: masked) == masked)
  }

  @Test func `times can be kept`() {
    let time = #"<time datetime="2026-11-20T22:03:18Z">20 Nov</time>"#
    #expect(Mask(times: false).apply(to: time) == time)
  }

  @Test func `a golden file is missing, recorded, matched and then broken`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("Tests/\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func golden(_ name: String) -> GoldenFile { GoldenFile(named: name, besideTest: folder + "/Feature/SomeTests.swift") }
    #expect(golden("missing").path == folder + "/__Snapshots__/missing.html")
    #expect(golden("missing").problem(with: "a", recording: false)?.contains("RECORD_SNAPSHOTS=1") == true)

    try FileManager.default.createDirectory(atPath: folder + "/__Snapshots__/a", withIntermediateDirectories: true)
    try Data("one\ntwo\n".utf8).write(to: URL(fileURLWithPath: folder + "/__Snapshots__/a/met.html"))
    #expect(golden("a/met").problem(with: "one\ntwo\n", recording: false) == nil)
    #expect(golden("a/met").problem(with: "one\n2\n", recording: false)?.contains("another snapshot of this run") == true)

    #expect(golden("b/new").problem(with: "one\n", recording: true) == nil)
    #expect(try String(contentsOfFile: folder + "/__Snapshots__/b/new.html", encoding: .utf8) == "one\n")

    try Data("one\ntwo\n".utf8).write(to: URL(fileURLWithPath: folder + "/__Snapshots__/broken.html"))
    #expect(golden("broken").problem(with: "one\n2\n", recording: false)?.contains("- two\n+ 2") == true)
  }

  @Test(.disabled(if: recordsSnapshots)) func `a failed assertion is an issue of the test that made it`() {
    withKnownIssue {
      assertSnapshot(of: "text", named: "never-recorded")
    } matching: { issue in
      issue.comments.contains { $0.rawValue.contains("no snapshot yet") }
    }
  }

  @Test(.disabled(if: recordsSnapshots)) func `a page that breaks a rule is an issue even before its snapshot`() {
    withKnownIssue {
      assertSnapshot(of: response("<html><head></head><body><main><img></main></body></html>"), named: "never-recorded-page")
    } matching: { issue in
      issue.comments.contains {
        $0.rawValue.contains("no lang") || $0.rawValue.contains("title") || $0.rawValue.contains("no alt")
          || $0.rawValue.contains("no snapshot yet")
      }
    }
  }
}

@Suite struct UnifiedDiffTests {
  @Test func `equal texts have no difference`() { #expect(UnifiedDiff(from: "a\nb", to: "a\nb").text.isEmpty) }

  @Test func `a change comes with its context and its line`() {
    let old = (1...20).map(String.init).joined(separator: "\n")
    let new = old.replacing("\n10\n", with: "\nten\n").replacing("\n20", with: "")
    #expect(
      UnifiedDiff(from: old, to: new).text == """
        @@ line 7 @@
          7
          8
          9
        - 10
        + ten
          11
          12
          13
        @@ line 17 @@
          17
          18
          19
        - 20
        """)
  }

  @Test func `a change in the first line has its heading`() {
    #expect(UnifiedDiff(from: "a\nb", to: "c\nb").text == "@@ line 1 @@\n- a\n+ c\n  b")
  }
}

/// A stream's chunks, each returned once.
private final class Pieces: @unchecked Sendable {  // read by one test on one thread
  private var left: [String]
  init(_ pieces: [String]) { left = pieces }

  func next() -> [UInt8]? { left.isEmpty ? nil : Array(left.removeFirst().utf8) }
}
