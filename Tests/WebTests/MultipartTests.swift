import TestKit
import Testing
import Web

struct MultipartTests {
  private let boundary = "----WebKitFormBoundaryX7"

  /// Lines with CRLF, where `--B` is the boundary line.
  private func body(_ lines: String...) -> [UInt8] {
    Array(lines.map { $0.replacing("--B", with: "--\(boundary)") }.joined(separator: "\r\n").utf8)
  }

  /// Events as text: `a=1`, `file f.txt text/plain [bytes]`, `!reason`. A file's chunks are joined, so that splits
  /// don't show.
  private func read(_ pieces: [[UInt8]], limits: FormLimits = .multipart) -> [String] {
    var words: [String] = []
    do {
      var decoder = try MultipartDecoder(boundary: boundary, limits: limits)
      for piece in pieces {
        decoder.append(piece)
        while let event = try decoder.next() {
          switch event {
          case .field(let field): words.append("\(field.name)=\(field.value)")
          case .file(let part): words.append("file \(part.name) \(part.filename ?? "nil") \(part.contentType) [")
          case .fileBytes(let bytes): words[words.count - 1] += String(decoding: bytes, as: UTF8.self)
          case .fileEnd: words[words.count - 1] += "]"
          }
        }
      }
      try decoder.finish()
    } catch {
      words.append("!\(error.description)")
    }
    return words
  }

  private func head(_ parameters: String) -> String { "Content-Disposition: form-data; \(parameters)" }

  private var browserBody: [UInt8] {
    body(
      "--B", head(#"name="name""#), "", "Ελένη", "--B", head(#"name="notes""#), "", "one", "two", "--B",
      head(#"name="photo"; filename="cat.png""#), "Content-Type: image/PNG; x=y", "", "\u{1}PNG\r", "\r\n--", "--B",
      head(#"name="none"; filename="""#),
      "Content-Type: application/octet-stream", "", "", "--B--", "")
  }

  private let browserEvents = [
    "name=Ελένη", "notes=one\ntwo", "file photo cat.png image/png [\u{1}PNG\r\r\n\r\n--]", "file none  application/octet-stream []",
  ]

  @Test func `a browser's form is read`() {
    #expect(read([browserBody]) == browserEvents)
  }

  @Test func `it doesn't matter how the body is split`() {
    #expect(read(browserBody.map { [$0] }) == browserEvents)
    for cut in 0...browserBody.count { #expect(read([Array(browserBody[..<cut]), Array(browserBody[cut...])]) == browserEvents) }
    var random = SplitMix(seed: 3)
    for _ in 0..<300 { #expect(read(random.pieces(of: browserBody)) == browserEvents) }
  }

  @Test func `file bytes are unchanged, whatever they are`() throws {
    var random = SplitMix(seed: 4)
    let file = random.bytes(200_000)
    let bytes = body("--B", head(#"name="f"; filename="f""#), "", "") + file + body("", "--B--")
    var decoder = try MultipartDecoder(boundary: boundary)
    var received: [UInt8] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      decoder.append(rest.prefix(4_096))
      rest = rest.dropFirst(4_096)
      while let event = try decoder.next() { if case .fileBytes(let piece) = event { received += piece } }
    }
    try decoder.finish()
    let isSame = received == file
    #expect(isSame)
  }

  @Test func `text before the first and after the last boundary is ignored`() {
    let part = [head(#"name="a""#), "", "1"].joined(separator: "\r\n")
    #expect(read([body("preamble", "--Bx no", "--B", part, "--B--", "epilogue", "--B", part)]).last?.hasPrefix("!") == true)
    #expect(read([body("preamble", "--B", part, "--B--", "epilogue", "--B", part)]) == ["a=1"])
    #expect(read([body("--B  \t", part, "--B--")]) == ["a=1"])
    #expect(read([body("--B--")]) == [])
  }

  @Test(arguments: [
    (#"name="a""#, "a=v"), (#"name=a"#, "a=v"), (#"NAME="a""#, "a=v"), (#"name="a b;c=d""#, "a b;c=d=v"), (#"name="a\"b""#, #"a"b=v"#),
    (#"name="Ε""#, "Ε=v"), (#"name="""#, "=v"), (#"name="a"; name="b""#, "a=v"),
    (#"name="a"; filename="x.txt""#, "file a x.txt  [v]"), (#"name="a"; filename="say \"hi\".txt""#, #"file a say "hi".txt  [v]"#),
    (#"name="a"; filename="say %22hi%22.txt""#, #"file a say "hi".txt  [v]"#),
    (#"name="a"; filename="C:\docs\x.txt""#, "file a x.txt  [v]"),
    (#"name="a"; filename="C:\\docs\\x.txt""#, "file a x.txt  [v]"), (#"name="a"; filename="../../etc/passwd""#, "file a passwd  [v]"),
    (#"name="a"; filename="Ελένη.pdf""#, "file a Ελένη.pdf  [v]"), (#"name="a"; filename*=UTF-8''x; filename="y""#, "file a y  [v]"),
    (#"name="a"; filename*=UTF-8''x"#, "a=v"), (#"name="a"; filename="..""#, "file a ..  [v]"),
    (#"name="a"; filename="a\#u{7}b""#, "file a ab  [v]"),
    (#"name="a"; filename="100%.txt""#, "file a 100%.txt  [v]"), (#"name="a" ; filename = "b""#, "file a b  [v]"),
  ])
  func `names and file names, as browsers and others write them`(parameters: String, expected: String) {
    #expect(read([body("--B", head(parameters), "", "v", "--B--")]) == [expected])
  }

  @Test(arguments: [
    ("Content-Disposition: attachment; name=\"a\"", "!a part is not form data"),
    ("Content-Type: text/plain", "!a part is not form data"),
    ("Content-Disposition: form-data", "!a part has no name"), ("nonsense", "!the head of a part has a line that isn’t a header"),
    ("Content-Disposition: form-data; name=\"a\0\"", "!the text contains a NUL character"),
    ("Content-Disposition: form-data; name=\"a\"\r\r\nX: y", "!the head of a part holds a line end that is none"),
    ("Content-Disposition: form-data; name=\"a\rb\"", "!the head of a part holds a line end that is none"),
  ])
  func `a part without a proper head is an error`(head: String, expected: String) {
    #expect(read([body("--B", head, "", "v", "--B--")]) == [expected])
  }

  @Test func `malformed structure is a specific error`() {
    let cut = "!the body ends before its last boundary"
    #expect(read([]) == [cut])
    #expect(read([body("no boundary at all")]) == [cut])
    #expect(read([body("--B", head(#"name="a""#), "", "v")]) == [cut])
    #expect(read([body("--B", head(#"name="a""#), "", "v", "--B")]) == ["a=v", cut])
    #expect(read([body("--B", head(#"name="a"; filename="f""#), "", "v")]) == ["file a f  [", cut])
    #expect(
      read([body("--B", head(#"name="a""#), "", "v", "--B-x")]) == ["a=v", "!unexpected data after a boundary"])
    #expect(read([body("--B", "", "v", "--B--")]) == ["!a part is not form data"])
  }

  @Test func `text is valid UTF-8 without NUL`() {
    let start = body("--B", head(#"name="a""#), "", "")
    #expect(read([start + [0x61, 0x00] + body("", "--B--")]) == ["!the text contains a NUL character, in the field “a”"])
    #expect(read([start + [0xC3] + body("", "--B--")]) == ["!the text is not valid UTF-8, in the field “a”"])
  }

  @Test(arguments: ["", String(repeating: "b", count: 71), "a\u{7F}", "é", "a\r\nb"])
  func `a boundary that can't be one is refused`(boundary: String) {
    let error = #expect(throws: FormError.self) { _ = try MultipartDecoder(boundary: boundary) }
    #expect(error?.reason == .malformed("invalid multipart boundary"))
  }

  @Test func `limits hold for parts, heads, texts and all texts together`() {
    func parts(_ count: Int, _ value: String) -> [UInt8] {
      Array(repeating: body("--B", head(#"name="a""#), "", value, ""), count: count).flatMap { $0 } + body("--B--")
    }
    #expect(read([parts(3, "v")], limits: FormLimits(fields: 3)) == ["a=v", "a=v", "a=v"])
    #expect(read([parts(4, "v")], limits: FormLimits(fields: 3)) == ["a=v", "a=v", "a=v", "!more than 3 fields"])
    #expect(read([parts(1, "1234")], limits: FormLimits(fields: 9, fieldBytes: 4)) == ["a=1234"])
    #expect(read([parts(1, "12345")], limits: FormLimits(fields: 9, fieldBytes: 4)) == ["!more than 4 bytes, in the field “a”"])
    #expect(
      read([parts(3, "1234")], limits: FormLimits(fields: 9, textBytes: 8)) == ["a=1234", "a=1234", "!more than 8 bytes"])
    let long = String(repeating: "x", count: 9_000)
    #expect(read([body("--B", "X-Long: \(long)", head(#"name="a""#), "", "v", "--B--")]) == ["!the head of a part is too long"])
    #expect(read(body("--B", "X-Long: \(long)").map { [$0] }) == ["!the head of a part is too long"])
  }

  @Test(arguments: [(8_192, "a=v"), (8_193, "!the head of a part is too long")])
  func `a head can be as long as its limit, however it is split`(length: Int, expected: String) {
    let fields = "\r\n" + head(#"name="a""#) + "\r\nX: "
    let padding = String(repeating: "x", count: length - fields.utf8.count)
    let bytes = Array("--\(boundary)\(fields)\(padding)\r\n\r\nv\r\n--\(boundary)--".utf8)
    #expect(read([bytes]) == [expected])
    #expect(read(bytes.map { [$0] }) == [expected])
  }

  @Test func `a field that never ends is refused before it fills the memory`() throws {
    var decoder = try MultipartDecoder(boundary: boundary, limits: FormLimits(fields: 9, fieldBytes: 1_000))
    decoder.append(body("--B", head(#"name="a""#), "", ""))
    #expect(try decoder.next() == nil)
    decoder.append([UInt8](repeating: 0x78, count: 2_000))
    #expect(throws: FormError.self) { try decoder.next() }
  }

  @Test func `mutations of a form give the same events however they are split, or the same error`() {
    var random = SplitMix(seed: 5)
    for _ in 0..<3_000 {
      let bytes = random.mutated(browserBody)
      #expect(read([bytes]) == read(random.pieces(of: bytes)))
    }
  }

  @Test func `random bytes are not a form`() {
    var random = SplitMix(seed: 6)
    for _ in 0..<3_000 { #expect(read([random.bytes(100)]) == ["!the body ends before its last boundary"]) }
  }
}
