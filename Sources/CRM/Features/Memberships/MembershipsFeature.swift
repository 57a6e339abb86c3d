import Admin
import Store

let memberships = Feature(
  name: "memberships", migrations: [.memberships, .contactLeaves], imports: [.memberships],
  derivations: [.primaryCompanies, .liveContacts],
  belongings: [
    Belonging("Memberships") { id, db in
      try db.value("SELECT count(*) FROM memberships WHERE contact_id = \(id) OR company_id = \(id)") ?? 0
    }
  ])
