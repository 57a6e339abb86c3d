package import Admin
package import Base
package import Store

/// Data that reads like a real office's: English, Greek and accented names, companies, phones. The same numbers give the same office.
package struct DemoOffice: Sendable {
  package let contacts: Int
  package let seed: UInt64

  package init(contacts: Int = 200, seed: UInt64 = 42) {
    self.contacts = contacts
    self.seed = seed
  }

  /// Makes the office, as if this person had typed it, then its files if there is a library for them. One record after the other, so that others
  /// can write in between.
  package func load(into store: Store, media: MediaLibrary? = nil, by user: RecordID?, named name: String, now: Timestamp) throws {
    let actor = Actor(id: user?.text, name: name)
    var random = SplitMix(state: seed)
    var companies: [String] = []
    try store.writeInSteps { db in
      companies.append(try makeCompany(besides: companies, owner: user, by: actor, now: now, &random, in: db))
      return companies.count < max(1, contacts / 5)
    }
    var made: [RecordID] = []
    var index = 0
    try store.writeInSteps { db in
      // They came one after the other, all through the last year.
      let then = now.adding(seconds: -(contacts - index) * (365 * 86_400 / contacts) + random.number(3_600))
      let (values, note) = try contact(index, companies, owner: user, &random)
      let act = ActContext(db: db, principal: .program(actor), now: then, types: crm.records.all)
      if case .done(let id, _) = try RecordType.contact.create(values, note: note, act) {
        try DemoInteractions.write(for: id, among: made, from: then, until: now, by: actor, &random, in: db)
        made.append(id)
      }
      index += 1
      return index < contacts
    }
    var other = SplitMix(state: seed &+ 1)
    var silent = made[...]
    try store.writeInSteps { db in
      try DemoConversations.write(on: Array(silent.prefix(100)), by: actor, until: now, &other, in: db)
      silent = silent.dropFirst(100)
      return !silent.isEmpty
    }
    try store.write { db in
      try DemoProducts.write(by: actor, until: now, in: db)
      var sales = try DemoSales(by: actor, until: now, in: db)
      try sales.write()
    }
    random = SplitMix(state: seed &+ 2)
    if let media { try DemoFiles.write(for: made, by: actor, into: media, now: now, &random) }
  }

  /// Gives its name.
  private func makeCompany(
    besides companies: [String], owner user: RecordID?, by actor: Actor, now: Timestamp, _ random: inout SplitMix, in db: Database
  ) throws -> String {
    let index = companies.count
    let place = DemoNames.places.pick(&random)
    let plain = "\(DemoNames.companyStarts.pick(&random)) \(DemoNames.companyTrades.pick(&random)) \(DemoNames.companyForms.pick(&random))"
    // Also where there is demo data already: contacts find their company by its name.
    var (name, number) = (plain, index + 1)
    while try companies.contains(name) || db.value("SELECT 1 FROM companies WHERE name_sort = \(TextFolding.fold(name))") != nil {
      name = "\(plain) \(number)"
      number += 1
    }
    let domain = DemoNames.latin(name).split(separator: " ").prefix(2).joined() + ".example.com"
    // One after the other, so that the same numbers give the same office.
    let industry = DemoNames.industries.pick(&random)
    let street = "\(DemoNames.streets.pick(&random)) \(random.number(120) + 1)"
    let phone = "\(place.dial) \(210 + random.number(700)) \(1_000_000 + random.number(8_999_999))"
    let role = RecordType.roles[random.number(4)].0
    let values = try RecordType.company.values([
      "name": name, "industry": industry, "street": street, "city": place.city, "country": place.country, "domain": domain,
      "website": "https://www." + domain, "email": "info@" + domain, "phone": phone, "roles": role, "owner": user?.text ?? "",
    ])
    let then = now.adding(seconds: -366 * 86_400 + index * 60)
    _ = try RecordType.company.create(values, ActContext(db: db, principal: .program(actor), now: then, types: crm.records.all))
    return name
  }

  private func contact(
    _ index: Int, _ companies: [String], owner: RecordID?, _ random: inout SplitMix
  ) throws -> (values: [FieldValue], note: String) {
    let person = DemoNames.people.pick(&random)
    let first = person.first.pick(&random)
    let last = person.last.pick(&random)
    let place = DemoNames.places.pick(&random)
    let mailbox = DemoNames.latin("\(first).\(last)").replacingSpaces
    let status = random.number(10) == 0 ? "inactive" : "active"
    let title = DemoNames.titles.pick(&random)
    let source = DemoNames.sources.pick(&random)
    let street = "\(DemoNames.streets.pick(&random)) \(random.number(120) + 1)"
    let phone = "\(place.dial) 69\(random.number(90) + 10) \(100_000 + random.number(899_999))"
    let membership = Membership(
      companyName: companies[random.number(companies.count)], role: title, department: "", isPrimary: true)
    let values = try RecordType.contact.values([
      "name": "\(first) \(last)", "status": status, "job_title": title, "language": person.language, "source": source,
      "owner": owner?.text ?? "", "street": street, "city": place.city, "country": place.country,
      "channels": "email (work): \(mailbox).\(index + 1)@example.com\nphone (mobile): \(phone)",
      "companies": Membership.value([membership]).text,
    ])
    return (values, random.number(4) == 0 ? DemoNames.notes.pick(&random) : "")
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
struct SplitMix {
  var state: UInt64

  mutating func number(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(limit))
  }
}

extension Array {
  fileprivate func pick(_ random: inout SplitMix) -> Element { self[random.number(count)] }
}

extension String {
  fileprivate var replacingSpaces: String { String(map { $0 == " " ? "-" : $0 }) }
}
