import Base
import CRM
import Crypto
import Foundation
import Store
import TestKit
import Testing
import Web

/// The product in process: a real database, the real templates, no socket.
struct Office {
  let store: Store
  let application: Application

  init() throws {
    store = try Store.temporary()
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    var options = Application.Options(resources: root)
    options.log = .silent
    options.passwordCost = .cheap
    application = try Application(store: store, options: options)
  }

  func get(_ path: [String]) -> Response {
    application.respond(
      to: Request(id: "test", method: .get, path: path, target: "/" + path.joined(separator: "/"), received: Clock.system.now()))
  }
}

@Test func `a visitor who is not signed in is sent to the sign-in page and back`() throws {
  let response = try Office().get(["admin", "crm", "contacts"])
  #expect(response.status == 303)
  #expect(response.headers["Location"] == "/sign-in?return_to=%2Fadmin%2Fcrm%2Fcontacts")
}

@Test func `the sign-in page obeys the rules that every page obeys`() throws {
  let response = try Office().get(["sign-in"])
  #expect(response.status == 200)
  guard case .bytes(let bytes) = response.body else {
    Issue.record("the page has no body")
    return
  }
  #expect(Rules.check(String(decoding: bytes, as: UTF8.self)).isEmpty)
}

@Test func `every list and record route asks for a right`() throws {
  for route in try Office().application.routes where route.pattern.hasPrefix("/admin/crm") {
    #expect(route.access != .anyone, "\(route.method) \(route.pattern)")
  }
}

@Test func `the demo office leaves a database that is sound`() throws {
  let office = try Office()
  try DemoOffice(contacts: 30, seed: 42).load(into: office.store, by: nil, named: "Roost", now: Clock.system.now())
  #expect(try office.store.check().isEmpty)
  #expect(try office.store.read { db in try db.value("SELECT sum(n) FROM record_counts WHERE list = 'contacts'") } == 30)
}

@Test func `a browser that asks for Greek gets the sign-in page in Greek`() throws {
  var request = Request(id: "test", method: .get, path: ["sign-in"], target: "/sign-in", received: Clock.system.now())
  request.headers.add("Accept-Language", "el-GR, en;q=0.5")
  guard case .bytes(let bytes) = try Office().application.respond(to: request).body else {
    Issue.record("the page has no body")
    return
  }
  #expect(String(decoding: bytes, as: UTF8.self).contains("Σύνδεση"))
}
