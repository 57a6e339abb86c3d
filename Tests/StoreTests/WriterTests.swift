import Foundation
@testable import Store
import Synchronization
import Testing

private func adding(_ text: String) -> @Sendable (Database) throws -> Void {
  { _ = try $0.run("INSERT INTO notes (text) VALUES (\(text))") }
}

/// Callers waiting for the writer.
struct WriterTests {
  private struct Refusal: Error {}

  private let folder: ScratchFolder
  private let store: Store

  init() throws {
    folder = try ScratchFolder()
    store = try Self.open(folder)
    try store.migrate([
      Migration(
        "1",
        """
        CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
        CREATE TABLE tags (note INTEGER NOT NULL REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED);
        """)
    ])
  }

  private static func open(_ folder: ScratchFolder, timeout: Double = 30) throws -> Store {
    try Store(path: folder.path + "/data.sqlite", durability: .off, writeTimeout: timeout)
  }

  private func texts() throws -> [String] { try store.read { try $0.all("SELECT text FROM notes ORDER BY id") { $0.text(0) } } }

  /// Runs each of these as a separate write while another write has the connection, so that all of them wait together.
  private func together(_ bodies: [@Sendable (Database) throws -> Void]) throws -> [Result<Void, any Error>] {
    let held = DispatchSemaphore(value: 0)
    let letGo = DispatchSemaphore(value: 0)
    let group = DispatchGroup()
    let results = Mutex<[Int: Result<Void, any Error>]>([:])
    let store = self.store
    thread(group) {
      try? store.write { _ in
        held.signal()
        letGo.wait()
      }
    }
    held.wait()
    for (index, body) in bodies.enumerated() {
      thread(group) {
        let result = Result { try store.write(body) }
        results.withLock { $0[index] = result }
      }
      // They have to queue in this order.
      while store.writer.waitingCount < index + 1 { usleep(500) }
    }
    letGo.signal()
    group.wait()
    return try results.withLock { results in try bodies.indices.map { try #require(results[$0]) } }
  }

  private func thread(_ group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
    group.enter()
    Thread {
      body()
      group.leave()
    }.start()
  }

  @Test func `writes that wait together share one transaction`() throws {
    let commits = Atomic(0)
    store.afterWrite { commits.add(1, ordering: .relaxed) }
    let results = try together((0..<8).map { adding("\($0)") })
    for result in results { try result.get() }
    #expect(try texts() == (0..<8).map { "\($0)" })
    #expect(commits.load(ordering: .relaxed) == 2, "the one that held them up, and all eight")
  }

  @Test func `a failing write in a shared transaction is undone, and the others are kept`() throws {
    let results = try together([
      adding("a"),
      { db in
        try adding("lost")(db)
        throw Refusal()
      },
      { _ in throw Refusal() },
      { db in try db.run("INSERT INTO notes (text) VALUES (NULL)") },
      adding("b"),
    ])
    #expect(try texts() == ["a", "b"])
    #expect(results.map { (try? $0.get()) != nil } == [true, false, false, false, true])
    #expect(throws: Refusal.self) { try results[1].get() }
    #expect(throws: StoreError.self) { try results[3].get() }
  }

  @Test func `a commit that fails because of one write fails only for that one`() throws {
    let results = try together([adding("a"), { db in try db.run("INSERT INTO tags VALUES (17)") }, adding("b")])
    #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
    #expect(try texts() == ["a", "b"])
    #expect(try store.read { try $0.value("SELECT count(*) FROM tags") } == 0)
  }

  @Test func `a write sees what those before it wrote in the same transaction`() throws {
    let counts = Mutex<[Int]>([])
    let results = try together(
      (0..<5).map { index in
        { db in
          try adding("\(index)")(db)
          let count = try db.value("SELECT count(*) FROM notes") ?? 0
          counts.withLock { $0.append(count) }
        }
      })
    for result in results { try result.get() }
    #expect(counts.withLock { $0 } == [1, 2, 3, 4, 5])
  }

  @Test func `a write whose turn doesn't come in time is refused, writes nothing, and reads go on`() throws {
    let impatient = try Self.open(folder, timeout: 0.2)
    let other = try Self.open(folder)
    try other.write { _ throws in
      let error = #expect(throws: StoreError.self) { try impatient.write(adding("late")) }
      #expect(error?.isBusy == true)
      #expect(try impatient.read { try $0.value("SELECT count(*) FROM notes") } == 0)
    }
    try impatient.write(adding("in time"))
    #expect(try texts() == ["in time"])
  }

  @Test func `a write queued behind a long one is refused in time too`() throws {
    let impatient = try Self.open(folder, timeout: 0.2)
    let held = DispatchSemaphore(value: 0)
    let letGo = DispatchSemaphore(value: 0)
    let group = DispatchGroup()
    thread(group) {
      try? impatient.write { _ in
        held.signal()
        letGo.wait()
      }
    }
    held.wait()
    let refused = Atomic(0)
    for index in 0..<5 {
      thread(group) {
        do { try impatient.write(adding("\(index)")) } catch {
          refused.add((error as? StoreError)?.isBusy == true ? 1 : 100, ordering: .relaxed)
        }
      }
    }
    while refused.load(ordering: .relaxed) < 5 { usleep(1_000) }
    letGo.signal()
    group.wait()
    #expect(refused.load(ordering: .relaxed) == 5)
    try impatient.write(adding("next"))
    #expect(try texts() == ["next"])
  }

  @Test func `a long writer yields to other writes, in this program and others`() throws {
    let areDone = Atomic(false)
    let added = Atomic(0)
    let isDone = Atomic(false)
    let group = DispatchGroup()
    let store = self.store
    thread(group) {
      try? store.writeInSteps { db in
        for _ in 0..<50 { try db.run("INSERT INTO notes (text) VALUES ('many')") }
        added.add(50, ordering: .relaxed)
        return !areDone.load(ordering: .acquiring)
      }
      isDone.store(true, ordering: .releasing)
    }
    while added.load(ordering: .relaxed) == 0 { usleep(100) }
    let other = try Self.open(folder)
    try other.write(adding("theirs"))
    try store.write(adding("ours"))
    let waited = isDone.load(ordering: .acquiring)
    #expect(!waited, "neither waited for the end")
    areDone.store(true, ordering: .releasing)
    group.wait()
    #expect(try store.read { try $0.value("SELECT count(*) FROM notes") } == added.load(ordering: .relaxed) + 2)
  }

  @Test func `if a long writer fails, what was committed stays and was counted`() throws {
    var counted = 0
    var committed = 0
    #expect(throws: Refusal.self) {
      try store.writeInSteps(committed: { committed = counted }) { db in
        try db.run("INSERT INTO notes (text) VALUES ('many')")
        counted += 1
        if counted == 100 { throw Refusal() }
        return true
      }
    }
    #expect(try texts().count == committed)
    try store.write(adding("next"))
  }

  @Test func `an optional write is done soon, and dropped if that fails`() throws {
    let impatient = try Self.open(folder, timeout: 0.1)
    let other = try Self.open(folder)
    try other.write { _ throws in
      for _ in 0..<100 { impatient.writeSoon("seen") { try $0.run("INSERT INTO notes (text) VALUES ('lost')") } }
      usleep(300_000)
    }
    #expect(try texts().count <= 1)
    impatient.writeSoon("a") { try $0.run("INSERT INTO notes (text) VALUES (NULL)") }
    impatient.writeSoon("b") { try $0.run("INSERT INTO notes (text) VALUES ('kept')") }
    impatient.close()
    #expect(try texts().last == "kept")
  }

  @Test func `a store can be released during an optional write of its own`() throws {
    let hasHeard = DispatchSemaphore(value: 0)
    for _ in 0..<20 {
      let last = Mutex<Store?>(try Store.temporary())
      last.withLock { store in
        store?.afterWrite {
          // The commit observer holds the last reference to the store.
          last.withLock { $0 = nil }
          hasHeard.signal()
        }
        store?.writeSoon("note") { try $0.run("CREATE TABLE t (x)") }
      }
      hasHeard.wait()
    }
  }

  @Test func `optional writes that arrive during others are written too`() throws {
    let other = try Self.open(folder)
    for round in 0..<5 {
      try other.write { _ in
        store.writeSoon("first \(round)") { try $0.run("INSERT INTO notes (text) VALUES ('first')") }
        // By now the writer runs the first one, and waits for the other program.
        while store.writer.isIdle { usleep(500) }
        store.writeSoon("second \(round)") { try $0.run("INSERT INTO notes (text) VALUES ('second')") }
      }
      let end = BusyWait.now + 60
      while try texts().count < 2 * (round + 1), BusyWait.now < end { usleep(1_000) }
      #expect(try texts().count == 2 * (round + 1))
    }
  }

  @Test func `the reserve is released in steps, and restored when there is space`() throws {
    let path = folder.path + "/reserve"
    let reserve = DiskReserve(path: path)
    #expect(!reserve.isInUse)
    let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    var steps = 0
    while reserve.spend() { steps += 1 }
    #expect(steps == size / (256 << 10), "a sign-in gets a part of it")
    #expect(reserve.isInUse)
    reserve.restore()
    #expect(!reserve.isInUse, "there is room on this disk")
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == size)
  }

  @Test func `a database that can't grow reports a full disk, and continues when it can`() throws {
    let pages = try #require(try store.read { try $0.value("PRAGMA page_count") })
    _ = try store.withWriter { try $0.pragma("max_page_count = \(pages)") }
    let large = String(repeating: "x", count: 100_000)
    let results = try together([adding("a"), adding(large), adding("b")])
    #expect(results.map { (try? $0.get()) != nil } == [true, false, true])
    let error = #expect(throws: StoreError.self) { try results[1].get() }
    #expect(error?.isFull == true)
    _ = try store.withWriter { try $0.pragma("max_page_count = 1000000") }
    try store.write(adding(large))
    #expect(try texts().map(\.count) == [1, 1, 100_000])
  }

  @Test func `only one program can have a claim, and another is told which one`() throws {
    let first = try LockFile(path: folder.path + "/lock")
    try first.claim(as: "roost serve")
    let second = try LockFile(path: folder.path + "/lock")
    let error = #expect(throws: StoreError.self) { try second.claim(as: "roost serve") }
    #expect(error?.message == "in use by roost serve, process \(getpid())")
    first.release()
    try second.claim(as: "roost import")
  }

  @Test func `a bulk load has exclusive access, or isn't started`() throws {
    store.close()
    let loader = try Self.open(folder)
    let other = try Self.open(folder)
    #expect(try loader.load(as: "roost import") { try $0.run("INSERT INTO notes (text) VALUES ('x')") } == nil)
    other.close()
    try loader.load(as: "roost import") { db in
      try adding("loaded")(db)
      let late = try LockFile(path: folder.path + "/data.sqlite-lock")
      #expect(throws: StoreError.self) { try late.claim(as: "roost serve") }
    }
    #expect(try loader.read { try $0.value("SELECT count(*) FROM notes") } == 1)
  }

  @Test func `writes still queued when the store closes are refused`() throws {
    let held = DispatchSemaphore(value: 0)
    let letGo = DispatchSemaphore(value: 0)
    let group = DispatchGroup()
    let store = self.store
    thread(group) {
      try? store.write { _ in
        held.signal()
        letGo.wait()
      }
    }
    held.wait()
    thread(group) { store.close() }
    while store.writer.waitingCount < 1 { usleep(500) }
    let refused = Atomic(0)
    for _ in 0..<3 {
      thread(group) { do { try store.write { _ in } } catch { refused.add(1, ordering: .relaxed) } }
    }
    while store.writer.waitingCount < 4 { usleep(500) }
    letGo.signal()
    group.wait()
    #expect(refused.load(ordering: .relaxed) == 3)
  }
}
