import Base
import Testing

@testable import Web

/// Files as responses: ranges, names, and restrictions.
@Suite struct FileDownloadTests {
  @Test(arguments: [
    ("bytes=0-99", ByteRange.part(offset: 0, count: 100)), ("bytes=990-", .part(offset: 990, count: 10)),
    ("bytes=-10", .part(offset: 990, count: 10)), ("bytes=-5000", .part(offset: 0, count: 1_000)),
    ("bytes=0-5000", .part(offset: 0, count: 1_000)),
    ("bytes=999-999", .part(offset: 999, count: 1)), ("BYTES=0-0", .part(offset: 0, count: 1)), ("bytes=1000-", .unsatisfiable),
    ("bytes=1000-2000", .unsatisfiable), ("bytes=-0", .unsatisfiable), ("bytes=5-4", .whole), ("bytes=0-1,5-6", .whole),
    ("bytes=-", .whole),
    ("bytes=", .whole), ("lines=0-1", .whole), ("bytes=a-b", .whole), ("bytes=--5", .whole), ("bytes=99999999999999999999-", .whole),
    ("bytes=+1-2", .whole), ("bytes=0x1-2", .whole), ("", .whole),
  ])
  func `a range is parsed as in the standard`(header: String, range: ByteRange) {
    #expect(ByteRange(header, ifRange: nil, tag: "\"a\"", size: 1_000) == range)
  }

  @Test func `a range of a changed file is the whole file`() {
    #expect(ByteRange("bytes=0-9", ifRange: "\"old\"", tag: "\"new\"", size: 100) == .whole)
    #expect(ByteRange("bytes=0-9", ifRange: "\"new\"", tag: "\"new\"", size: 100) == .part(offset: 0, count: 10))
    #expect(ByteRange("bytes=0-9", ifRange: nil, tag: "\"a\"", size: 0) == .unsatisfiable)
  }

  private func answer(_ name: String = "a.txt", _ headers: [String: String] = [:]) -> Response {
    var request = Request(id: "1", method: .get, path: [], target: "/", query: FormFields(), body: .none, received: .init(milliseconds: 0))
    for (name, value) in headers { request.headers.set(name, value) }
    return FileDownload(path: "/tmp/x", size: 100, type: "text/plain", name: name, tag: "\"t\"", isInline: false).response(to: request)
  }

  @Test func `an answer has its status`() {
    #expect(answer().status == 200)
    #expect(answer("a", ["Range": "bytes=10-19"]).status == 206)
    #expect(answer("a", ["Range": "bytes=10-19"]).headers["Content-Range"] == "bytes 10-19/100")
    #expect(answer("a", ["Range": "bytes=100-"]).status == 416)
    #expect(answer("a", ["Range": "bytes=100-"]).headers["Content-Range"] == "bytes */100")
    #expect(answer("a", ["If-None-Match": "\"t\""]).status == 304)
  }

  @Test(arguments: [
    ("report.pdf", "filename=\"report.pdf\"; filename*=UTF-8''report.pdf"),
    ("Προσφορά 1.pdf", "filename=\"________ 1.pdf\"; filename*=UTF-8''%CE%A0%CF%81%CE%BF%CF%83%CF%86%CE%BF%CF%81%CE%AC%201.pdf"),
    ("a\"b\\c%41.txt", "filename=\"a_b_c_41.txt\"; filename*=UTF-8''a%22b%5Cc%2541.txt"),
    ("x\r\nSet-Cookie: a=b", "filename=\"x__Set-Cookie: a=b\"; filename*=UTF-8''x%0D%0ASet-Cookie%3A%20a%3Db"),
  ])
  func `a name can't break out of its header`(name: String, header: String) {
    #expect(answer(name).headers["Content-Disposition"] == "attachment; " + header)
  }

  @Test func `whatever it is, it can't run anything`() {
    #expect(answer().headers["Content-Security-Policy"]?.contains("sandbox") == true)
  }
}
