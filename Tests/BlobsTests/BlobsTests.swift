import Blobs
import Foundation
import Testing

/// Contents on disk, consistent with their references.
@Suite final class BlobsTests: Sendable {
  private let root = NSTemporaryDirectory() + "blobs-\(UInt64.random(in: .min ... .max))"
  private let blobs: DiskBlobs

  init() throws { blobs = try DiskBlobs(folder: root) }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  private func staged(_ text: String) throws -> (path: String, checksum: String) {
    let file = StagedFile(path: blobs.incoming + "/\(UUID().uuidString).part")
    try file.create()
    try file.append(Array(text.utf8))
    return (file.path, try file.checksum())
  }

  private func content(_ checksum: String) -> String? {
    FileManager.default.contents(atPath: blobs.path(of: checksum)).map { String(decoding: $0, as: UTF8.self) }
  }

  private struct Refused: Error {}

  private var leftovers: [String] { (try? FileManager.default.contentsOfDirectory(atPath: blobs.incoming)) ?? [] }

  @Test func `a content is stored under its checksum`() throws {
    let (path, checksum) = try staged("hello")
    #expect(checksum == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    #expect(try blobs.keep(path, as: checksum) { 7 } == 7)
    #expect(content(checksum) == "hello")
    #expect(blobs.all() == [checksum])
    #expect(leftovers.isEmpty)
  }

  @Test func `the same content is stored once`() throws {
    for _ in 1...2 {
      let (path, checksum) = try staged("hello")
      try blobs.keep(path, as: checksum) {}
    }
    #expect(blobs.all().count == 1)
    #expect(leftovers.isEmpty)
  }

  @Test func `content whose commit fails is not stored, harms nothing, and can be tried again`() throws {
    let (first, checksum) = try staged("hello")
    #expect(throws: Refused.self) { try blobs.keep(first, as: checksum) { throw Refused() } }
    #expect(blobs.all().isEmpty)
    try blobs.keep(first, as: checksum) {}
    let (second, _) = try staged("hello")
    for _ in 1...2 {
      #expect(throws: Refused.self) { try blobs.keep(second, as: checksum) { throw Refused() } }
      #expect(content(checksum) == "hello", "it is somebody else's too")
    }
    try blobs.keep(second, as: checksum) {}
    #expect(content(checksum) == "hello")
    #expect(leftovers.isEmpty)
  }

  @Test func `removal deletes unreferenced contents`() throws {
    let (a, first) = try staged("a")
    let (b, second) = try staged("b")
    try blobs.keep(a, as: first) {}
    try blobs.keep(b, as: second) {}
    #expect(try blobs.forget([first, second]) { ("done", [first]) } == "done")
    #expect(blobs.all() == [second])
    #expect(throws: Refused.self) { try blobs.forget([second]) { () throws -> (Int, [String]) in throw Refused() } }
    #expect(blobs.all() == [second])
    #expect(leftovers.isEmpty)
  }

  @Test func `interrupted steps are completed according to the database`() throws {
    let (a, named) = try staged("a")
    let (b, unnamed) = try staged("b")
    try blobs.keep(a, as: named) {}
    try blobs.keep(b, as: unnamed) {}
    for name in ["moving-" + named, "moving-" + unnamed, "upload-abc123", "moving-../../etc/passwd".replacing("/", with: "_")] {
      #expect(FileManager.default.createFile(atPath: blobs.incoming + "/" + name, contents: nil))
    }
    let (part, _) = try staged("half")
    try DiskBlobs(folder: root).recover { $0 == named }
    #expect(blobs.all() == [named])
    #expect(leftovers == [String(part.split(separator: "/").last ?? "")], "an upload that may go on stays")
  }

  @Test func `a file that vanishes before it is stored leaves no trace`() throws {
    let (path, checksum) = try staged("hello")
    StagedFile(path: path).remove()
    #expect(throws: BlobError.self) { try blobs.keep(path, as: checksum) { Issue.record("nothing is there to be named") } }
    #expect(leftovers.isEmpty)
  }

  @Test func `a backup copies everything, and the next time only what is new`() throws {
    let (a, first) = try staged("a")
    try blobs.keep(a, as: first) {}
    let other = root + "-copy"
    #expect(try blobs.copy(to: other).new == 1)
    let (b, second) = try staged("b")
    try blobs.keep(b, as: second) {}
    #expect(try blobs.copy(to: other).new == 1)
    #expect(try DiskBlobs(folder: other).all() == [first, second].sorted())
    #expect(FileManager.default.contents(atPath: try DiskBlobs(folder: other).path(of: second)) == Data("b".utf8))
  }

  @Test func `a backup is independent of the library`() throws {
    let (a, checksum) = try staged("a")
    try blobs.keep(a, as: checksum) {}
    let other = root + "-copy"
    defer { try? FileManager.default.removeItem(atPath: other) }
    _ = try blobs.copy(to: other)
    let copy = try DiskBlobs(folder: other).path(of: checksum)
    let handle = try #require(FileHandle(forWritingAtPath: copy))
    handle.write(Data("!".utf8))
    #expect(content(checksum) == "a")
  }

  @Test(arguments: ["", "hel", "hello and more", "jello"]) func `a damaged content is repaired by storing it again`(damage: String) throws {
    let (path, checksum) = try staged("hello")
    try blobs.keep(path, as: checksum) {}
    try Data(damage.utf8).write(to: URL(fileURLWithPath: blobs.path(of: checksum)))
    #expect(blobs.fault(of: checksum, size: 5, reading: true) == (damage.utf8.count == 5 ? .changed : .size(damage.utf8.count)))
    #expect((blobs.fault(of: checksum, size: 5, reading: false) == nil) == (damage.utf8.count == 5))
    let open = try #require(FileHandle(forReadingAtPath: blobs.path(of: checksum)))
    let (again, _) = try staged("hello")
    try blobs.keep(again, as: checksum) {}
    #expect(blobs.fault(of: checksum, size: 5, reading: true) == nil)
    #expect(open.readDataToEndOfFile() == Data(damage.utf8), "open readers continue with the old file")
    try FileManager.default.removeItem(atPath: blobs.path(of: checksum))
    #expect(blobs.fault(of: checksum, size: 5, reading: true) == .missing)
    let (third, _) = try staged("hello")
    try blobs.keep(third, as: checksum) {}
    #expect(content(checksum) == "hello")
  }

  @Test func `a damaged content is not copied over an intact one, and damage in the backup is repaired`() throws {
    let (a, first) = try staged("content a")
    let (b, second) = try staged("content b")
    try blobs.keep(a, as: first) {}
    try blobs.keep(b, as: second) {}
    let other = root + "-copy"
    defer { try? FileManager.default.removeItem(atPath: other) }
    let copies = try DiskBlobs(folder: other)
    #expect(try blobs.copy(to: other).new == 2)
    try Data("cut".utf8).write(to: URL(fileURLWithPath: blobs.path(of: first)))
    try Data("cut".utf8).write(to: URL(fileURLWithPath: copies.path(of: second)))
    let copying = try blobs.copy(to: other)
    #expect(copying.new == 1 && copying.damaged == [first])
    try Data("CONTENT B".utf8).write(to: URL(fileURLWithPath: copies.path(of: second)))
    #expect(try blobs.copy(to: other).new == 0, "only reading finds that")
    #expect(try blobs.copy(to: other, verifying: true).new == 1)
    for checksum in [first, second] { #expect(copies.fault(of: checksum, size: 9, reading: true) == nil) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: copies.incoming).isEmpty)
  }

  @Test func `the remains of a killed backup are removed by the next`() throws {
    let (a, first) = try staged("a")
    try blobs.keep(a, as: first) {}
    let other = root + "-copy"
    defer { try? FileManager.default.removeItem(atPath: other) }
    let copies = try DiskBlobs(folder: other)
    let half = copies.incoming + "/copy-" + first
    _ = FileManager.default.createFile(atPath: half, contents: Data("ha".utf8))
    #expect(try blobs.copy(to: other).new == 1)
    #expect(!FileManager.default.fileExists(atPath: half))
    _ = FileManager.default.createFile(atPath: half, contents: nil)
    try DiskBlobs(folder: other).recover { _ in true }
    #expect(!FileManager.default.fileExists(atPath: half), "and by a server that starts on the copy")
  }

  @Test func `stray files among the contents are identified, and checking creates nothing`() throws {
    let (a, first) = try staged("a")
    try blobs.keep(a, as: first) {}
    let stranger = blobs.path(of: first) + ".bak"
    _ = FileManager.default.createFile(atPath: stranger, contents: nil)
    #expect(blobs.all() == [first])
    #expect(blobs.strangers == [stranger])
    let missing = try DiskBlobs(folder: root + "-none", making: false)
    #expect(missing.all().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: root + "-none"))
  }

  @Test func `a file is assembled from chunks`() throws {
    let file = StagedFile(path: blobs.incoming + "/x.part")
    #expect(file.size == 0)
    let piece = [UInt8](repeating: 7, count: 700_000)
    #expect(throws: BlobError.self, "a removed file is not started again: other bytes would replace it") { try file.append(piece) }
    #expect(leftovers.isEmpty)
    try file.create()
    #expect(throws: BlobError.self) { try file.create() }
    try file.append(piece)
    let other = StagedFile(path: blobs.incoming + "/y.part")
    try other.create()
    try other.append(Array("tail".utf8))
    try file.append(contentsOf: other.path)
    #expect(file.size == 700_004)
    file.remove()
    #expect(file.size == 0)
  }

  @Test func `concurrent storing and removing of the same bytes loses nothing`() throws {
    let counter = Names()
    DispatchQueue.concurrentPerform(iterations: 64) { n in
      let text = "content \(n % 4)"
      guard let (path, checksum) = try? staged(text) else { return }
      try? blobs.keep(path, as: checksum) { counter.add(checksum) }
      if n % 3 == 0 { try? blobs.forget([checksum]) { ((), counter.remove(checksum) ? [checksum] : []) } }
    }
    for checksum in counter.named { #expect(content(checksum) != nil) }
    #expect(Set(blobs.all()) == counter.named)
  }
}

/// References, as a database would hold them. `@unchecked Sendable`: guarded by its lock.
private final class Names: @unchecked Sendable {
  private var counts: [String: Int] = [:]
  private let lock = NSLock()

  var named: Set<String> { Set(counts.filter { $0.value > 0 }.keys) }

  func add(_ name: String) { lock.withLock { counts[name, default: 0] += 1 } }

  /// Whether it has no reference left.
  func remove(_ name: String) -> Bool {
    lock.withLock {
      counts[name, default: 0] -= 1
      return counts[name] == 0
    }
  }
}
