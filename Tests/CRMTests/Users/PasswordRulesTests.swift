@testable import Admin
import CRM
import Crypto
import Testing
import Web

/// Which passwords are accepted.
@Suite struct PasswordRulesTests {
  private func problem(_ password: String, email: String = "anna.papadopoulou@aegean-foods.example", name: String = "Άννα Παπαδοπούλου")
    -> String?
  {
    PasswordRules.problem(with: password, email: email, name: name)?.text
  }

  @Test(arguments: [
    "password123", "Password123!", "P@ssw0rd1234", "pass word 123", "p a s s w o r d", "drowssap123", "passwordpassword",
    "password password",
    "1234567890", "0987654321", "12345678910", "1111111111", "abcdefghij", "aaaaaaaaaa", "abcabcabcabc", "qwertyuiop", "QWERTYuiop",
    "poiuytrewq",
    "asdfghjkl;", "1qaz2wsx3edc", "q1w2e3r4t5", "iloveyou2024", "sunshine1998", "Welcome2026!", "summer2026!!", "letmein-please",
    "administrator",
    "superman12", "roost12345", "RoostRoost", "roost-password", "Roost2026!!", "tsoor-tsoor", "κωδικός1234", "ΚΩΔΙΚΟΣ2026", "qwerty qwerty",
    "monkey banana", "changeme123", "football2025", "secretsecret",
  ])
  func `what many people use is refused, and what is close to it`(password: String) {
    #expect(problem(password)?.contains("too common") == true, "\(problem(password) ?? "taken")")
  }

  @Test(arguments: [
    "anna.papadopoulou@aegean-foods.example", "ANNA.PAPADOPOULOU@AEGEAN-FOODS.EXAMPLE", "anna.papadopoulou", "annapapadopoulou1",
    "Παπαδοπούλου1", "παπαδοπουλου", "Άννα Παπαδοπούλου", "ΠΑΠΑΔΟΠΟΥΛΟΥΑΝΝΑ", "uoluopodapap.anna", "aegean-foods1", "papadopoulou2026",
    "p4p4d0p0ul0u",
  ])
  func `their own name and address are refused, whichever way they are turned`(password: String) {
    #expect(problem(password) != nil)
  }

  @Test func `it says when it is the name`() {
    #expect(problem("Παπαδοπούλου1")?.contains("your name or e-mail address") == true)
    #expect(problem("Παπαδοπούλου1", email: "x@example.com", name: "Bob") == nil)
  }

  @Test(arguments: [
    "correct horse battery", "correct horse battery staple", "a few words are better", "fresh and good words", "k8Jx92!qLm", "blue giraffe",
    "dancing turtle 77", "purple-monkey-dishwasher", "καλημέρα κόσμε", "ένα μεγάλο μυστικό", "another good password", "Tr0ub4dour&3",
    "anna likes purple giraffes",
  ])
  func `a few words are taken, and what nobody would guess`(password: String) {
    #expect(problem(password) == nil)
  }

  @Test(arguments: ["", "short", String(repeating: "x y ", count: 300), "with\u{0}nul and more words", String(repeating: "🦆", count: 12)])
  func `no text does it harm`(password: String) {
    _ = problem(password, email: password, name: password)
  }

  @Test func `they hold wherever a password is chosen`() throws {
    let office = try TestApp()
    for password in ["password123", "qwertyuiop", "new@example.com", "nelly newcomer"] {
      #expect(throws: NewUser.Refusal.self) {
        try NewUser.add(
          UserDraft(email: "new@example.com", name: "Nelly Newcomer", roles: [.member]), password: password, cost: .cheap, to: office.store,
          now: office.now)
      }
    }
    let visitor = TestClient(office)
    let key = try #require(try Setup.issueKey(in: office.store, now: office.now))
    visitor.get("/setup?key=\(key)")
    let refused = visitor.post("/setup", ["key": key, "name": "Olga Owner", "email": "olga@example.com", "password": "olga@example.com"])
    #expect(refused.status == 422 && refused.text.contains("close to your name"))
    let owner = try office.visitor(.owner)
    owner.get("/account")
    for password in ["password123", "owner.0@example.com", "Olga Owner 1"] {
      #expect(owner.post("/account/password", ["password": TestApp.password, "new_password": password]).status == 422, "\(password)")
    }
    #expect(owner.get("/account").status == 200)
  }
}
