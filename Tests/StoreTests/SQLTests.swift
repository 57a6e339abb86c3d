import Base
import Store
import Testing

struct SQLTests {
  @Test func `interpolations are bound, not pasted`() {
    let hostile = "x'; DROP TABLE contacts; --"
    let sql: SQL = "SELECT * FROM contacts WHERE name = \(hostile) AND active = \(true) LIMIT \(50)"
    #expect(sql.text == "SELECT * FROM contacts WHERE name = ? AND active = ? LIMIT ?")
    #expect(sql.values == [.text(hostile), .integer(1), .integer(50)])
  }

  @Test(arguments: [true]) func `string literals inside interpolations are bound too`(flag: Bool) {
    let sql: SQL = "SELECT \("it's"), \(flag ? "a" : "b"), \("n\(1)")"
    #expect(sql.text == "SELECT ?, ?, ?")
    #expect(sql.values == [.text("it's"), .text("a"), .text("n1")])
  }

  @Test func `pieces are spliced with their values, in order`() {
    let condition: SQL = "status = \("active")"
    let page: SQL = "SELECT id FROM contacts WHERE \(condition) AND id > \(7) ORDER BY \(raw: "name") " + "LIMIT \(10)"
    #expect(page.text == "SELECT id FROM contacts WHERE status = ? AND id > ? ORDER BY name LIMIT ?")
    #expect(page.values == [.text("active"), .integer(7), .integer(10)])
    #expect(SQL(joining: [condition, "a = \(1)"], separator: " AND ").text == "status = ? AND a = ?")
    #expect(SQL(joining: [condition, "a = \(1)"], separator: " AND ").values == [.text("active"), .integer(1)])
  }

  @Test func `lists`() throws {
    #expect(SQL.list(["a", "b"]).text == "(?, ?)")
    #expect(SQL.list([String]()).text == "(NULL)")
    let store = try Store.temporary()
    try store.read { db throws in
      #expect(try db.value("SELECT 2 IN \(SQL.list([1, 2, 3]))") == 1)
      #expect(try db.value("SELECT count(*) WHERE 2 IN \(SQL.list([Int]()))") == 0)
    }
  }

  @Test func `every kind of value survives the round trip`() throws {
    let store = try Store.temporary()
    let id = RecordID.make(at: Clock.system.now())
    let now = Clock.system.now()
    let texts = ["", "plain", "Ελένη 日本語 🦆", "nul\0inside", String(repeating: "long ", count: 10_000), "'\"\\%_"]
    try store.read { db throws in
      for text in texts { #expect(try db.text("SELECT \(text)") == text) }
      for number in [0, 1, -1, Int.max, Int.min] { #expect(try db.value("SELECT \(number)") == number) }
      try db.each(
        "SELECT \(1.5), \([1, 0, 255] as [UInt8]), \([] as [UInt8]), \(id), \(now), \(false), \(nil as String?), \("x" as String?)"
      ) { row in
        // #expect takes only copyable values, and a row isn't.
        let (double, bytes, empty, readID, time, flag) = (
          row.double(0), row.bytes(1), row.value(2), row.recordID(3), row.timestamp(4), row.bool(5)
        )
        #expect(row.columnCount == 8)
        #expect(double == 1.5 && bytes == [1, 0, 255] && empty == .blob([]) && readID == id && time == now && !flag)
        let nothing: [Any?] = [row.textOrNil(6), row.intOrNil(6), row.recordIDOrNil(6)]
        #expect(nothing.allSatisfy { $0 == nil })
        let (null, text, utf8) = (row.value(6), row.textOrNil(7), row.withUTF8(7) { Array($0) })
        #expect(null == .null && text == "x" && utf8 == [0x78])
        let (noText, noNumber, noBytes) = (row.text(6), row.int(6), row.bytes(6))
        #expect(noText == "" && noNumber == 0 && noBytes == [])
      }
    }
  }

  @Test func `hostile text stays a value in the database`() throws {
    let store = try Store.temporary()
    try store.migrate([Migration("1", "CREATE TABLE contacts (name TEXT)")])
    let hostile = "Robert'); DROP TABLE contacts; --"
    try store.write { try $0.run("INSERT INTO contacts VALUES (\(hostile))") }
    #expect(try store.read { try $0.text("SELECT name FROM contacts WHERE name = \(hostile)") } == hostile)
  }

  @Test func `a column of the wrong type makes the query throw`() throws {
    let store = try Store.temporary()
    try store.read { db throws in
      #expect(throws: StoreError("column at is not a time", sql: "SELECT 'soon' AS at")) {
        try db.all("SELECT 'soon' AS at") { $0.timestamp(0) }
      }
      #expect(throws: StoreError.self) { try db.first("SELECT NULL AS id") { $0.recordID(0) } }
      // The statement can be used again afterwards.
      #expect(try db.first("SELECT NULL AS id") { $0.textOrNil(0) } == .some(nil))
    }
  }
}
