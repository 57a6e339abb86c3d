import Base
@testable import Admin
@testable import CRM
import Store
import Testing
import Web

/// The folded texts by which lists sort.
@Suite struct SortKeyTests {
  @Test func `an upgrade folds what is there`() throws {
    let store = try Store.temporary()
    try store.migrate(Array(crm.migrations.filter { $0.day < "2026-11-27" }))
    try store.write { db in
      try db.script(
        """
        INSERT INTO contacts (id, name, name_sort, words, city, created_at, updated_at) VALUES
          ('c1', 'A', 'a', 'a', 'Αθήνα', '', ''), ('c2', 'B', 'b', 'b', 'Zürich', '', ''), ('c3', 'C', 'c', 'c', '', '', '');
        INSERT INTO companies (id, name, name_sort, name_words, words, city, industry, created_at, updated_at) VALUES
          ('o1', 'A', 'a', 'a', 'a', 'ΠΕΙΡΑΙΆΣ', 'Ναυτιλία', '', ''), ('o2', 'B', 'b', 'b', 'b', '', '', '', '');
        """)
    }
    try store.migrate(crm.migrations)
    try store.read { db in
      let cities = try db.all("SELECT city_sort FROM contacts ORDER BY seq") { $0.text(0) }
      #expect(cities == ["αθηνα", "zurich", ""])
      let companies = try db.all("SELECT city_sort || ',' || industry_sort FROM companies ORDER BY seq") { $0.text(0) }
      #expect(companies == ["πειραιασ,ναυτιλια", ","])
    }
    #expect(try crm.check(store) == [])
  }

  @Test func `whoever writes a record, its keys follow, and the check sees where they don't`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    #expect(owner.post("/admin/crm/contacts", ["name": "Ann", "status": "active", "city": "Πειραιάς"]).status == 303)
    #expect(try office.id("SELECT city_sort FROM contacts") == "πειραιασ")
    let id = try office.id("SELECT id FROM contacts")
    owner.get("/admin/crm/contacts/\(id)/edit")
    #expect(owner.post("/admin/crm/contacts/\(id)", ["name": "Ann", "status": "active", "city": "Χανιά", "version": "1"]).status == 303)
    #expect(try office.id("SELECT city_sort FROM contacts") == "χανια")
    #expect(try crm.check(office.store) == [])
    try office.store.write { db in _ = try db.run("UPDATE contacts SET city_sort = 'Χανιά'") }
    #expect(try crm.check(office.store).count == 1)
    try crm.repair(office.store)
    #expect(try office.id("SELECT city_sort FROM contacts") == "χανια")
    #expect(try crm.check(office.store) == [])
  }

  @Test func `a type's statuses make its tabs`() {
    let type = RecordType(
      "task", label: "Task", icon: "check", resource: .contacts, words: RecordType.Words(new: "", create: "", inTrash: ""),
      sections: [
        FormSection(
          id: "task", title: "Task", fields: [Field("name", "Name"), Field("status", "Status", StatusField(statuses: [.open, .done]))])
      ],
      list: ListDefinition(
        name: "tasks", title: "Tasks", path: "/admin/crm/tasks", icon: "check", resource: .contacts, table: "tasks",
        searchTable: "task_search",
        defaultColumns: ["name"], defaultSort: "name",
        words: ListDefinition.Words(newRecord: "", searchHint: "", one: "", many: "", emptyTitle: "", emptyText: "")))
    #expect(type.list.tabs.map(\.id) == ["all", "open", "done", "trashed"])
    #expect(type.list.tabs[0].statuses == ["open", "done"])
    #expect(type.list.usualStatus == "open")
    #expect(type.list.field("status")?.operators.contains(.isAnyOf) == true)
  }
}
