import Base
import Foundation
import Synchronization
import Testing
import Web
import WebServer

/// Bodies that are streamed to disk.
@Suite struct UploadTests {
  /// Runs a test against a server that streams to a folder of its own.
  private func withUploads(_ responder: some Responder, _ body: (LiveServer, _ files: () -> [String]) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "roost-uploads-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try withServer(responder) {
      $0.uploadFolder = folder
    } _: { live in
      try body(live) { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }
    }
  }

  private static let size = 10 << 20

  private static let pattern = [UInt8]((0..<(64 << 10)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })

  @Test func `ten megabytes arrive on disk, unchanged, and are gone after the answer`() throws {
    let isSame = Mutex(false)
    let responder = Scripted(plan: { _ in .runWithFile(bodyLimit: Self.size) }) { request in
      guard case .file(let file) = request.body, let content = FileManager.default.contents(atPath: file.path) else {
        return .text("no file")
      }
      let expected = (0..<Self.size / Self.pattern.count).allSatisfy { n in
        content[n * Self.pattern.count..<(n + 1) * Self.pattern.count].elementsEqual(Self.pattern)
      }
      isSame.withLock { $0 = expected && content.count == Self.size }
      return .text("\(file.size) bytes")
    }
    try withUploads(responder) { live, files in
      for framing in ["Content-Length: \(Self.size)", "Transfer-Encoding: chunked"] {
        let isChunked = framing.hasSuffix("chunked")
        let client = try live.connect()
        client.send("POST / HTTP/1.1\r\nHost: x\r\n\(framing)\r\n\r\n")
        for _ in 0..<Self.size / Self.pattern.count {
          client.send(isChunked ? Array("10000\r\n".utf8) + Self.pattern + Array("\r\n".utf8) : Self.pattern)
        }
        if isChunked { client.send("0\r\n\r\n") }
        #expect(try client.answer()?.text == "\(Self.size) bytes")
        #expect(isSame.withLock { $0 })
        #expect(eventually { files().isEmpty }, "the file outlives its request")
        isSame.withLock { $0 = false }
      }
    }
  }

  @Test func `an upload passes through memory in small chunks`() async {
    // In a separate process: this one's memory is shared by all concurrent tests.
    await #expect(processExitsWith: .success) { try UploadTests().measureMemory() }
  }

  private func measureMemory() throws {
    let gate = Gate()
    try withUploads(Scripted(plan: { _ in .runWithFile(bodyLimit: 1 << 30) }) { _ in .text("done") }) { live, files in
      defer { gate.open() }
      let before = Self.residentBytes()
      let clients = try (0..<8).map { _ in try live.connect() }
      for client in clients { client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(Self.size)\r\n\r\n") }
      for _ in 0..<Self.size / Self.pattern.count {
        for client in clients { client.send(Self.pattern) }
      }
      for client in clients { #expect(try client.answer()?.text == "done") }
      // Eighty megabytes were received.
      #expect(Self.residentBytes() - before < 40 << 20)
    }
  }

  @Test(arguments: [Client.abort, Client.hangUp, Client.finishSending])
  func `an aborted upload leaves nothing behind`(breaking: @Sendable (Client) -> () -> Void) throws {
    try withUploads(Echo(limit: 1 << 30)) { live, files in
      let client = try live.connect()
      client.send("POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: \(Self.size)\r\n\r\n")
      for _ in 0..<16 { client.send(Self.pattern) }
      #expect(eventually { files().count == 1 })
      breaking(client)()
      #expect(eventually { files().isEmpty })
    }
  }

  @Test func `clients that leave right after their last bytes are noticed`() throws {
    let begun = Counter()
    let responder = Scripted(plan: { _ in
      begun.add()
      return .runWithFile(bodyLimit: 1 << 30)
    }) { _ in .text("whole") }
    try withUploads(responder) { live, files in
      for _ in 0..<60 {
        let client = try live.connect()
        client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(Self.size)\r\n\r\n")
        for _ in 0..<4 { client.send(Self.pattern) }
        client.hangUp()
      }
      #expect(eventually { begun.count == 60 })
      #expect(eventually { files().isEmpty }, "\(files().count) uploads of nobody are waiting for more")
    }
  }

  @Test func `an upload over its limit leaves nothing behind`() throws {
    try withUploads(Echo(limit: 100_000)) { live, files in
      let client = try live.connect()
      client.send("POST /file HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      for _ in 0..<4 { client.send(Array("10000\r\n".utf8) + Self.pattern + Array("\r\n".utf8)) }
      client.send("0\r\n\r\n")
      #expect(try client.answer()?.status == 413)
      #expect(eventually { files().isEmpty })
    }
  }

  @Test func `without a folder for uploads the client gets an error`() throws {
    try withServer(Echo()) {
      $0.uploadFolder = "/nonexistent"
    } _: { live in
      let answer = try live.ask("POST /file HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
      #expect(answer?.status == 507)
      #expect(answer?.text == "The server is out of space for uploads.\n")
    }
  }

  /// The process's memory.
  private static func residentBytes() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * 4_096 : 0
  }
}
