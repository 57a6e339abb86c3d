import Foundation
@testable import Store
import Testing

struct CheckpointTests {
  private let folder: ScratchFolder
  private let store: Store

  init() throws {
    folder = try ScratchFolder()
    store = try Store(path: folder.path + "/data.sqlite", durability: .off)
    try store.write { try $0.run("CREATE TABLE heap (stone BLOB NOT NULL)") }
  }

  /// Writes slightly more than the log's limit.
  private func fillLog() throws {
    for _ in 0..<20 {
      try store.write { db in for _ in 0..<220 { try db.run("INSERT INTO heap VALUES (randomblob(4000))") } }
    }
    store.checkpointer.finish()
  }

  private func size(_ file: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + file)
    return try #require(attributes[.size] as? Int)
  }

  @Test func `a long log is checkpointed and restarted`() throws {
    try fillLog()
    #expect(try size("data.sqlite") > 16_000_000)
    let length = try size("data.sqlite-wal")
    for _ in 0..<4 { try fillLog() }
    #expect(try size("data.sqlite-wal") < length * 3 / 2, "a log that is never cut grows by its own length each time")
    #expect(try store.read { try $0.value("SELECT count(*) FROM heap") } == 5 * 4400)
    #expect(try store.check() == [])
  }

  @Test func `writers don't checkpoint, and checkpoints run during writes`() throws {
    store.checkpointer.queue.suspend()
    for _ in 0..<20 {
      try store.write { db in for _ in 0..<220 { try db.run("INSERT INTO heap VALUES (randomblob(4000))") } }
    }
    let before = try size("data.sqlite")
    #expect(before < 1_000_000)
    try store.write { _ in
      store.checkpointer.queue.resume()
      let end = ContinuousClock.now + .seconds(60)
      while try size("data.sqlite") < 16_000_000, ContinuousClock.now < end { usleep(1_000) }
      #expect(try size("data.sqlite") > 16_000_000)
    }
  }

  @Test func `a long read keeps the log, and nothing is lost`() throws {
    try store.read { db in
      #expect(try db.value("SELECT count(*) FROM heap") == 0)
      try fillLog()
      try fillLog()
      #expect(try db.value("SELECT count(*) FROM heap") == 0)
    }
    try fillLog()
    try store.write { try $0.run("INSERT INTO heap VALUES (x'00')") }
    #expect(try store.read { try $0.value("SELECT count(*) FROM heap") } == 3 * 4400 + 1)
    let length = try size("data.sqlite-wal")
    try fillLog()
    #expect(try size("data.sqlite-wal") == length, "it was restarted")
  }

  @Test func `a store closed during a checkpoint is intact`() throws {
    for _ in 0..<20 {
      try store.write { db in for _ in 0..<220 { try db.run("INSERT INTO heap VALUES (randomblob(4000))") } }
    }
    store.close()
    let again = try Store(path: folder.path + "/data.sqlite")
    #expect(try again.read { try $0.value("SELECT count(*) FROM heap") } == 4400)
    #expect(try again.check() == [])
  }
}
