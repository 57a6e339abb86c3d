import Base
@testable import Admin
@testable import CRM
import Crypto
import Foundation
import Store
import TestKit
import Testing
import Web

@Test func `a visitor who is not signed in is sent to the sign-in page and back`() throws {
  let response = try TestClient(TestApp()).get("/admin/crm/contacts")
  #expect(response.status == 303)
  #expect(response.headers["Location"] == "/sign-in?return_to=%2Fadmin%2Fcrm%2Fcontacts")
}

@Test func `the sign-in page obeys the rules that every page obeys`() throws {
  let response = try TestClient(TestApp()).get("/sign-in")
  #expect(response.status == 200)
  #expect(Rules.check(response.text).isEmpty)
}

@Test func `every list and record route asks for a right`() throws {
  for route in try TestApp().composition.routes where route.pattern.hasPrefix("/admin/crm") {
    #expect(route.access != .anyone, "\(route.method) \(route.pattern)")
  }
}

@Test func `the demo office leaves a database that is sound`() throws {
  let office = try TestApp()
  try DemoOffice(contacts: 30, seed: 42).load(into: office.store, by: nil, named: "Roost", now: Clock.system.now())
  #expect(try office.store.check().isEmpty)
  #expect(try office.store.read { db in try db.value("SELECT sum(n) FROM record_counts WHERE list = 'contacts'") } == 30)
}

@Test func `demo data can be added twice`() throws {
  let office = try TestApp()
  for _ in 1...2 { try DemoOffice(contacts: 20, seed: 7).load(into: office.store, by: nil, named: "Demo", now: office.now) }
  #expect(try office.store.read { db in try db.value("SELECT count(*) FROM contacts") } == 40)
  #expect(try office.store.read { db in try db.value("SELECT count(DISTINCT name) FROM companies") } == 8)
}

@Test func `a browser that asks for Greek gets the sign-in page in Greek`() throws {
  let visitor = try TestClient(TestApp())
  visitor.acceptLanguage = "el-GR, en;q=0.5"
  #expect(visitor.get("/sign-in").text.contains("Σύνδεση"))
}
