import Foundation
@testable import Store
import Testing

/// What a killed program leaves behind, and damage to its log.
struct DamagedLogTests {
  private let folder: ScratchFolder
  private var path: String { folder.path + "/data.sqlite" }
  private static let frame = 24 + 4_096

  /// A database of 30 confirmed transactions that are only in the log, as a killed program leaves it. Each has one
  /// page.
  init() throws {
    folder = try ScratchFolder()
    let live = folder.path + "/live"
    try FileManager.default.createDirectory(atPath: live, withIntermediateDirectories: true)
    let store = try Store(path: live + "/data.sqlite")
    try store.write { try $0.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)") }
    _ = try store.checkpoint()
    for number in 1...30 { try store.write { try $0.run("INSERT INTO notes (text) VALUES (\("note \(number)"))") } }
    for ending in ["", "-wal", "-shm"] {
      try FileManager.default.copyItem(atPath: live + "/data.sqlite" + ending, toPath: path + ending)
    }
    store.close()
  }

  private var log: Data {
    get throws { try Data(contentsOf: URL(fileURLWithPath: path + "-wal")) }
  }

  private func change(_ body: (inout Data) -> Void) throws {
    var bytes = try log
    body(&bytes)
    try bytes.write(to: URL(fileURLWithPath: path + "-wal"))
  }

  private func removeIndex() throws { try FileManager.default.removeItem(atPath: path + "-shm") }

  private var verdict: LogInspection.Verdict { LogInspection.settled(path).verdict }

  private var account: String? {
    if case .damaged(let damage) = verdict { damage.account } else { nil }
  }

  /// The number of notes after opening the database.
  private func notes() throws -> Int? {
    let store = try Store(path: path)
    defer { store.close() }
    return try store.read { try $0.value("SELECT count(*) FROM notes") }
  }

  private var kept: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.contains("damaged") }.sorted()
  }

  @Test func `an intact log is not reported`() throws {
    #expect(verdict == .sound)
    try removeIndex()
    #expect(verdict == .sound)
    #expect(try notes() == 30)
    #expect(kept.isEmpty)
  }

  @Test(arguments: [0, 1, 9, 28, 29]) func `a flipped bit in any frame is noticed, with or without an index`(frame: Int) throws {
    try change { $0[32 + frame * Self.frame + 200] ^= 4 }
    #expect(account?.contains("confirmed") == true && account?.contains("either") == false)
    try removeIndex()
    #expect(account != nil)
    if frame == 29 {
      #expect(account?.contains("either the power failed before it was confirmed") == true, "without an index nobody can tell")
    } else {
      #expect(account?.contains("\(30 - frame) confirmed transactions") == true)
    }
  }

  @Test(arguments: [0, 1, 15, 29]) func `a log that is cut off is noticed by its index`(frames: Int) throws {
    try change { $0 = $0.prefix(32 + frames * Self.frame) }
    #expect(account?.contains("\(30 - frames) pages of confirmed changes") == true)
    try change { $0 = $0.prefix(17) }
    #expect(account?.contains("lost") == true)
    try FileManager.default.removeItem(atPath: path + "-wal")
    #expect(account?.contains("lost") == true)
  }

  @Test(arguments: [0, 5, 9, 17, 25, 31]) func `a damaged header is noticed, with or without an index`(byte: Int) throws {
    try change { $0[byte] ^= 1 }
    #expect(account != nil)
    try removeIndex()
    #expect(account?.contains("the header of its log is damaged") == true)
  }

  @Test func `wrong salts, a wrong length and a stretch of zeros are damage too`() throws {
    let whole = try log
    for (place, count) in [(32 + 3 * Self.frame + 8, 8), (32 + 4 * Self.frame + 4, 4), (32 + 5 * Self.frame, 3 * Self.frame)] {
      try change { $0.replaceSubrange(place..<(place + count), with: Data(count: count)) }
      #expect(account != nil)
      try whole.write(to: URL(fileURLWithPath: path + "-wal"))
    }
    #expect(verdict == .sound)
  }

  @Test(arguments: [1, 24, 500, 24 + 4_095]) func `a half-written frame isn't damage`(bytes: Int) throws {
    let whole = try log
    try change { $0 += whole[32..<(32 + bytes)] }
    #expect(verdict == .sound)
    try removeIndex()
    #expect(verdict == .sound)
    #expect(try notes() == 30)
  }

  @Test func `an unconfirmed transaction isn't damage`() throws {
    let whole = try log
    // Its frames, without the final commit flag.
    var frame = Data(whole[32..<(32 + Self.frame)])
    frame.replaceSubrange(4..<8, with: Data(count: 4))
    try change { $0 += frame + frame }
    #expect(verdict == .sound)
    try removeIndex()
    #expect(verdict == .sound)
  }

  @Test func `frames of an earlier round after the end aren't damage`() throws {
    try change { bytes in
      var old = Data(bytes[32..<(32 + 3 * Self.frame)])
      for frame in 0..<3 { old[frame * Self.frame + 8] ^= 0xFF }
      bytes += old
    }
    #expect(verdict == .sound)
    try removeIndex()
    #expect(verdict == .sound)
  }

  @Test func `a damaged log is kept before the database is opened, and reported from then on`() throws {
    try change { $0[32 + 9 * Self.frame + 200] ^= 4 }
    let damaged = try log
    #expect(try notes() == 9)
    #expect(kept.count == 3, "the log, its index and what to know of them: \(kept)")
    let copy = try #require(kept.first { $0.contains("-wal") && !$0.hasSuffix(".txt") })
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + copy)) == damaged)
    #expect(permissions(of: folder.path + "/" + copy) == 0o600)
    for _ in 1...2 {
      let store = try Store(path: path)
      #expect(try store.check().count == 1)
      #expect(store.damagedLogs.first?.contains("21 confirmed transactions at its end can’t be read") == true)
      #expect(store.damagedLogs.first?.contains(copy) == true)
      try store.write { try $0.run("INSERT INTO notes (text) VALUES ('later')") }
      store.close()
    }
    #expect(kept.count == 3, "it is kept once")
    for name in kept { try FileManager.default.removeItem(atPath: folder.path + "/" + name) }
    let store = try Store(path: path)
    #expect(try store.check().isEmpty)
    #expect(try store.read { try $0.value("SELECT count(*) FROM notes") } == 11)
  }

  @Test func `a damaged log does no harm once it was checkpointed`() throws {
    // The state after a server was killed right after a checkpoint.
    let live = folder.path + "/live.sqlite"
    let store = try Store(path: live)
    try store.write { try $0.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)") }
    for number in 1...30 { try store.write { try $0.run("INSERT INTO notes (text) VALUES (\("note \(number)"))") } }
    _ = try store.checkpoint()
    for ending in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + ending)
      try FileManager.default.copyItem(atPath: live + ending, toPath: path + ending)
    }
    store.close()
    try change { $0[32 + 9 * Self.frame + 200] ^= 4 }
    #expect(account?.contains("nothing is missing") == true)
    #expect(try notes() == 30, "with what could be read of the log it would be 9, or a mixture")
    #expect(kept.count == 3)
  }

  @Test func `an empty database beside a log is not recreated`() throws {
    try write("", to: path)
    #expect(throws: StoreError.self) { try Store(path: path) }
    #expect(try log.count > 32)
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: StoreError.self) { try Store(path: path) }
    #expect(try log.count > 32)
  }

  @Test func `a database whose log can't be kept is not opened`() throws {
    try change { $0[32 + 9 * Self.frame + 200] ^= 4 }
    // Nothing can be created in the folder; for root, which ignores permissions, the copy's name is too long.
    let long = folder.path + "/" + String(repeating: "x", count: 245)
    for ending in ["", "-wal", "-shm"] { try FileManager.default.copyItem(atPath: path + ending, toPath: long + ending) }
    #expect(throws: StoreError.self) { try Store(path: long) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: long + "-wal")) == log)
  }

  @Test func `a server that writes all the time is never reported as damaged`() throws {
    let live = folder.path + "/busy.sqlite"
    let store = try Store(path: live, durability: .off)
    try store.write { try $0.run("CREATE TABLE heap (stone BLOB NOT NULL)") }
    let end = Date().addingTimeInterval(1)
    DispatchQueue.concurrentPerform(iterations: 2) { number in
      while Date() < end {
        if number == 0 {
          try? store.write { db in for _ in 0..<40 { try db.run("INSERT INTO heap VALUES (randomblob(4000))") } }
        } else {
          #expect(LogInspection.settled(live).verdict == .sound)
        }
      }
    }
  }
}

extension Store {
  /// Checkpoints the whole log.
  fileprivate func checkpoint() throws -> Bool { try withWriter { try $0.checkpoint(.restart) } }
}
