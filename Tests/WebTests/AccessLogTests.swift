import Testing
import Web

struct AccessLogTests {
  private func line(_ request: Request, _ response: Response, user: String? = nil) -> [String] {
    AccessLog.fields(request, response, milliseconds: 12, user: user).map { "\($0.key)=\($0.value)" }
  }

  @Test func `a request is one log line`() {
    #expect(
      line(.sample(.post, "/contacts/7"), .text("four", status: 422), user: "u1") == [
        "id=r1", "method=POST", "path=/contacts/7", "status=422", "bytes=4", "ms=12", "peer=127.0.0.1", "user=u1",
      ])
  }

  @Test func `queries stay out of the log`() {
    #expect(line(.sample(.get, "/setup?key=secret&q=%CE%95"), .text("")).contains("path=/setup"))
    #expect(line(.sample(.get, "/setup?\u{301}key=secret"), .text("")).contains("path=/setup"))
    #expect(line(.sample(), .text("")).contains("user=-"))
  }

  @Test func `a long path is truncated`() {
    let path = line(.sample(.get, "/" + String(repeating: "a", count: 10_000)), .text(""))[2]
    #expect(path.utf8.count == "path=".utf8.count + 500)
  }

  @Test func `every kind of body has a size`() {
    #expect(line(.sample(), Response(status: 304)).contains("bytes=0"))
    #expect(line(.sample(), Response(status: 200, body: .shared(SharedBytes([1, 2, 3])))).contains("bytes=3"))
    #expect(line(.sample(), Response(status: 200, body: .stream { nil })).contains("bytes=stream"))
  }
}
