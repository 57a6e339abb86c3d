@testable import Admin
import Base
@testable import CRM
import Store
import Testing
import Web
import XML

/// Users who see only their own records also see the customers of their orders.
@Suite struct OwnOrderTests {
  let sales: DocumentOffice
  let factory: TestClient
  let user: RecordID
  let company: String

  init() throws {
    sales = try DocumentOffice()
    factory = try sales.office.visitor(.factory, name: "Fred Factory")
    user = try #require(RecordID(try sales.office.id("SELECT id FROM users WHERE name = 'Fred Factory'")))
    company = try sales.program.make("Bells Ltd", in: "companies").id
  }

  private func order(of owner: RecordID) throws -> String {
    let order = try sales.make(DocumentOffice.orders, [.init("Clock", "1", "100")], [("company", "Bells Ltd"), ("company_id", company)])
    try sales.office.store.write {
      _ = try $0.run("UPDATE orders SET owner_id = \(owner), created_by = NULL WHERE id = \(sales.id(order))")
    }
    return order
  }

  private var contactPage: String { "/admin/crm/contacts/" + sales.customer }
  private var companyPage: String { "/admin/crm/companies/" + company }

  private func statuses() -> [Int] { [contactPage, companyPage, contactPage + "/orders"].map { factory.get($0).status } }

  private func listed() -> [Bool] {
    [
      ("contacts", "Carla Customer"), ("contacts?q=carla", "Carla Customer"), ("contacts?filter=city+is_empty", "Carla Customer"),
      ("contacts?sort=-created_at", "Carla Customer"), ("companies", "Bells Ltd"), ("search?q=bells", "Bells Ltd"),
    ].map { path, name in factory.get("/admin/crm/" + path).page.all("//main//a").contains { $0.text.contains(name) } }
  }

  @Test func `the customer of an own order is shown, listed and found, and no longer when the order isn’t theirs`() throws {
    #expect(statuses() == [404, 404, 404] && !listed().contains(true))
    let order = try order(of: user)
    #expect(factory.get(order).status == 200)
    #expect(statuses() == [200, 200, 200])
    #expect(!listed().contains(false), "\(listed())")
    // To read, as all that is their own.
    #expect(factory.get(contactPage + "/edit").status != 200)
    let other = try #require(RecordID(try sales.office.id("SELECT id FROM users WHERE name <> 'Fred Factory'")))
    try sales.office.store.write { _ = try $0.run("UPDATE orders SET owner_id = \(other)") }
    #expect(statuses() == [404, 404, 404] && !listed().contains(true))
  }

  @Test func `the reason is the order`() throws {
    _ = try order(of: user)
    func explain() throws -> Explanation? {
      let id = try #require(RecordID(sales.customer))
      return try sales.office.store.read { db in
        let header = try #require(try RecordType.contact.header(id, .all, db))
        return try ExplainPage.explain(user, .readOwn, .contacts, (.contact, header), db)
      }
    }
    let reason = try explain()?.steps.last?.text.text ?? ""
    #expect(try explain()?.isAllowed == true && reason.contains("customer of an order"), "\(reason)")
    try sales.office.store.write { _ = try $0.run("DELETE FROM orders") }
    #expect(try explain()?.isAllowed == false)
  }
}
