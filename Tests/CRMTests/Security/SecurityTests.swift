@testable import Admin
import CRM
import Store
import TestKit
import Testing
import Web

/// Attacks.
@Suite struct SecurityTests {
  private func office() throws -> (TestApp, TestClient) {
    let office = try TestApp()
    return (office, try office.visitor(.owner))
  }

  @Test(arguments: [
    "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/ok\r\nSet-Cookie: x=1", "\\\\evil", "/%0d%0aX: y",
  ])
  func `signing in never leads to another site`(target: String) throws {
    let office = try TestApp()
    _ = try office.visitor(.owner)
    let visitor = TestClient(office)
    visitor.get("/sign-in")
    let response = visitor.post("/sign-in", ["email": "owner.0@example.com", "password": TestApp.password, "return_to": target])
    #expect(response.status == 303)
    #expect(
      response.location.hasPrefix("/") && !response.location.hasPrefix("//") && !response.location.hasPrefix("/\\"), "\(response.location)")
    #expect(!response.location.contains("\r") && !response.location.contains("\n"))
  }

  @Test func `a cookie that was given out before signing in is worth nothing afterwards`() throws {
    let office = try TestApp()
    _ = try office.visitor(.owner)
    let visitor = TestClient(office)
    let before = visitor.get("/sign-in").headers.all("Set-Cookie").first { $0.hasPrefix("roost_session=") }
    let after = visitor.post("/sign-in", ["email": "owner.0@example.com", "password": TestApp.password]).headers.all("Set-Cookie").first {
      $0.hasPrefix("roost_session=")
    }
    #expect(before != nil && after != nil && before?.prefix(57) != after?.prefix(57))
    #expect(after?.contains("HttpOnly") == true && after?.contains("SameSite=Lax") == true)
  }

  @Test func `markup in every field stays text on every page`() throws {
    let (office, owner) = try office()
    let nasty = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    owner.get("/admin/crm/companies/new")
    owner.post(
      "/admin/crm/companies",
      [
        "name": nasty, "status": "active", "industry": nasty, "city": nasty, "description": nasty, "street": nasty, "region": nasty,
        "note": nasty,
      ])
    owner.get("/admin/crm/contacts/new")
    let location = owner.post(
      "/admin/crm/contacts",
      [
        "name": nasty, "status": "active", "job_title": nasty, "street": nasty, "city": nasty, "region": nasty, "source": nasty,
        "postal_code": nasty, "note": nasty,
        "channel_type": "phone", "channel_label": "x", "channel_value": "+30 210 5550100", "channel_primary": "",
        "company": nasty, "company_id": "", "role": nasty, "department": nasty, "membership_primary": "primary",
        "item_type": "text", "item_label": nasty, "item_quantity": "1", "item_serials": nasty,
      ]
    ).location
    let contact = String(location.prefix { $0 != "?" && $0 != "#" })
    let company = try office.id("SELECT id FROM companies")
    for path in [
      contact, contact + "/edit", contact + "/events", contact + "/interactions", "/admin/crm/contacts", "/admin/crm/contacts?view=cards",
      "/admin/crm/contacts?q=script", "/admin/crm/companies", "/admin/crm/companies?view=cards", "/admin/crm/companies/\(company)",
      "/admin/crm/companies/\(company)/edit", "/admin/crm/companies/\(company)/events", "/admin/crm",
      "/admin/crm/companies/suggestions.json?q=script", "/admin/crm/contacts?q=%3Cscript%3E",
    ] {
      let response = owner.get(path)
      #expect(response.status == 200, "\(path)")
      #expect(!response.text.contains("<script>alert") && !response.text.contains("<img src=x"), "\(path)")
      if response.isHTML { #expect(Rules.check(response.text).isEmpty, "\(path): \(Rules.check(response.text))") }
    }
  }

  @Test(arguments: ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:alert(1)", " javascript:x", "vbscript:x"])
  func `an address that runs something is refused where it is typed`(address: String) throws {
    let (office, owner) = try office()
    owner.get("/admin/crm/companies/new")
    #expect(owner.post("/admin/crm/companies", ["name": "A", "status": "active", "website": address]).status == 422)
    owner.get("/admin/crm/contacts/new")
    let response = owner.post(
      "/admin/crm/contacts",
      ["name": "A", "status": "active", "channel_type": "url", "channel_label": "", "channel_value": address, "channel_primary": ""])
    #expect(response.status == 422)
    #expect(try office.store.read { try $0.value("SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM companies)") } == 0)
  }

  @Test func `a flash that nobody here wrote is not shown`() throws {
    let (_, owner) = try office()
    owner.headers = ["X-Nothing": "1"]
    owner.set(cookie: "roost_flash", "eyJraW5kIjoiZG9uZSIsInRleHQiOiJIYWNrZWQifQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    #expect(!owner.get("/admin/crm/contacts").text.contains("Hacked"))
  }

  @Test func `a form from another site, posted without a cookie, neither acts nor signs anybody out`() throws {
    let (office, _) = try office()
    let stranger = TestClient(office)
    let response = stranger.post("/admin/crm/contacts", [("name", "Planted"), ("status", "active"), ("csrf_token", "forged")])
    #expect(response.status == 403)
    #expect(response.headers.all("Set-Cookie").isEmpty)
    #expect(try office.store.read { try $0.value("SELECT (SELECT count(*) FROM contacts) + (SELECT count(*) FROM kept_forms)") } == 0)
  }

  @Test func `neither a password nor the wish to leave waits for the next session`() throws {
    let (office, owner) = try office()
    owner.get("/account")
    let token = owner.lastToken
    try office.store.write { try $0.run("UPDATE sessions SET ended_at = created_at") }
    owner.headers = ["Accept": "text/html,*/*;q=0.8"]
    for (path, fields) in [
      ("/account/password", [("password", "correct horse battery"), ("new_password", "much too secret")]), ("/sign-out", []),
      ("/account/sessions/sign-out-others", []), ("/admin/inbox/read", []),
    ] {
      #expect(owner.post(path, fields + [("csrf_token", token)]).location == "/sign-in", "\(path)")
    }
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM kept_forms") } == 0)
    owner.post("/account", [("language", "el"), ("new_password", "much too secret"), ("csrf_token", token)])
    let kept = try office.id("SELECT body FROM kept_forms")
    #expect(kept.contains("language") && !kept.contains("secret"), "wherever it is typed")
  }

  @Test func `so many forms wait for one person and no more`() throws {
    let (office, owner) = try office()
    owner.get("/admin/crm/contacts/new")
    let token = owner.lastToken
    for number in 0..<30 {
      office.wait(seconds: 1)
      owner.forgetSession()
      owner.post("/admin/crm/contacts", ["name": "Form \(number)", "status": "active"], token: token)
    }
    #expect(try office.store.read { try $0.value("SELECT count(*) FROM kept_forms") } == 20)
    #expect(try office.id("SELECT max(body) FROM kept_forms").contains("Form 9") == false)
    #expect(try office.id("SELECT body FROM kept_forms ORDER BY kept_at DESC LIMIT 1").contains("Form 29"))
  }

  @Test func `somebody else's kept form stays with them`() throws {
    let (office, owner) = try office()
    let other = try office.visitor(.manager, name: "Mara Manager")
    owner.get("/admin/crm/contacts/new")
    let token = owner.lastToken
    owner.forgetSession()
    let away = owner.post("/admin/crm/contacts", ["name": "Secret plan", "status": "active"], token: token)
    #expect(away.location == "/sign-in")
    _ = other
    let email = try office.id("SELECT email FROM users WHERE name = 'Mara Manager'")
    owner.get("/sign-in")
    let back = owner.post("/sign-in", ["email": email, "password": TestApp.password])
    #expect(back.status == 303)
    #expect(!owner.get(back.location).text.contains("Secret plan"))
  }
}
