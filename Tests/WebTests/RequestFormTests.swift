import Foundation
import TestKit
import Testing
import Web

struct RequestFormTests {
  private let multipart = "multipart/form-data; boundary=\"B\""
  private let parts =
    "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
    + "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nfile\r\n"
    + "--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n2\r\n--B--\r\n"

  private func request(_ type: String, _ body: String) -> Request {
    .sample(.post, "/", headers: ["Content-Type": type], body: .bytes(Array(body.utf8)))
  }

  /// The request with its body in a file, as after `Plan.runWithFile`.
  private func streamed(_ type: String, _ body: [UInt8], size: Int? = nil) throws -> Request {
    let path = NSTemporaryDirectory() + "roost-form-\(UUID())"
    try Data(body).write(to: URL(fileURLWithPath: path))
    return .sample(.post, "/", headers: ["Content-Type": type], body: .file(TemporaryFile(path: path, size: size ?? body.count)))
  }

  @Test(arguments: [
    "application/x-www-form-urlencoded", "Application/X-WWW-Form-URLEncoded; charset=UTF-8", "application/x-www-form-urlencoded;",
  ])
  func `urlencoded forms are known by their type`(type: String) throws {
    #expect(try request(type, "a=1&b=2").form() == FormFields([FormFields.Field("a", "1"), FormFields.Field("b", "2")]))
  }

  @Test func `multipart forms give their texts`() throws {
    let expected = FormFields([FormFields.Field("a", "1"), FormFields.Field("b", "2")])
    #expect(try request(multipart, parts).form() == expected)
    #expect(try request("multipart/form-data;boundary=B", parts).form() == expected)
  }

  @Test func `a request without a body is an empty form, whatever its type`() throws {
    #expect(try Request.sample(.post).form() == FormFields())
    #expect(try Request.sample(.post, headers: ["Content-Type": "text/plain"], body: .bytes([])).form() == FormFields())
  }

  @Test(arguments: ["application/json", "text/plain", "", "multipart/mixed; boundary=B", "application/x-www-form-urlencoded2"])
  func `any other type is unsupported`(type: String) {
    let error = #expect(throws: FormError.self) { try request(type, "a=1").form() }
    #expect(error?.isUnsupportedType == true)
    #expect(error?.description == "not a form")
  }

  @Test(arguments: ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=C"])
  func `a multipart form needs its boundary`(type: String) {
    let error = #expect(throws: FormError.self) { try request(type, parts).form() }
    #expect(error?.isUnsupportedType == false)
  }

  @Test func `a form that was streamed to a file is read from there, files in pieces`() throws {
    let content = LargeContent.content
    let body =
      Array("--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.bin\"\r\nContent-Type: image/png\r\n\r\n".utf8) + content
      + Array("\r\n--B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n2\r\n--B--\r\n".utf8)
    let request = try streamed(multipart, body)
    #expect(try request.form() == FormFields([FormFields.Field("b", "2")]))
    var events = try FormEvents(request)
    var names: [String] = []
    var received: [UInt8] = []
    while let event = try events.next() {
      switch event {
      case .field(let field): names.append(field.name)
      case .file(let part): names.append("\(part.name) \(part.filename ?? "") \(part.contentType)")
      case .fileBytes(let piece):
        received += piece
        #expect(piece.count <= 64 << 10)
      case .fileEnd: names.append("end")
      }
    }
    #expect(names == ["f x.bin image/png", "end", "b"])
    let isSame = received == content
    #expect(isSame)
  }

  @Test func `a urlencoded form can come from a file too, up to a limit`() throws {
    #expect(try streamed("application/x-www-form-urlencoded", Array("a=1".utf8)).form()["a"] == "1")
    let long = try streamed("application/x-www-form-urlencoded", [UInt8](repeating: 0x61, count: 5 << 20))
    let error = #expect(throws: FormError.self) { try long.form() }
    #expect(error?.isTooLarge == true)
  }

  @Test func `a file that is gone or shorter than it was is an error`() throws {
    let gone = Request.sample(
      .post, headers: ["Content-Type": multipart], body: .file(TemporaryFile(path: "/nonexistent/roost", size: 10)))
    #expect(throws: FormError.self) { try gone.form() }
    #expect(throws: FormError.self) { try streamed(multipart, Array(parts.utf8), size: 10_000).form() }
  }
}

/// Reproducible bytes, more than one chunk.
private enum LargeContent {
  static let content: [UInt8] = {
    var random = SplitMix(seed: 8)
    return random.bytes(150_000)
  }()
}
