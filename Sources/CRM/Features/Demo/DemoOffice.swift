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
  /// can write meanwhile.
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
      let form = contact(index, companies, owner: user, &random)
      if case .saved(let id, _) = try form.create(by: actor, mayWriteCompanies: true, now: then, in: db) {
        try DemoInteractions.write(for: id, from: then, until: now, &random, in: db)
        made.append(id)
      }
      index += 1
      return index < contacts
    }
    var other = SplitMix(state: seed &+ 1)
    var silent = made[...]
    try store.writeInSteps { db in
      if silent.count == made.count { try DemoConversations.addParties(&other, now: now, in: db) }
      try DemoConversations.write(on: Array(silent.prefix(100)), by: actor, until: now, &other, in: db)
      silent = silent.dropFirst(100)
      return !silent.isEmpty
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
    var company = CompanyDetails(
      name: "\(DemoNames.companyStarts.pick(&random)) \(DemoNames.companyTrades.pick(&random)) \(DemoNames.companyForms.pick(&random))")
    if companies.contains(company.name) { company.name += " \(index + 1)" }
    company.industry = DemoNames.industries.pick(&random)
    company.address = Address(
      street: "\(DemoNames.streets.pick(&random)) \(random.number(120) + 1)", city: place.city, country: place.country)
    company.domain = DemoNames.latin(company.name).split(separator: " ").prefix(2).joined() + ".example.com"
    company.website = "https://www." + company.domain
    company.email = "info@" + company.domain
    company.phone = "\(place.dial) \(210 + random.number(700)) \(1_000_000 + random.number(8_999_999))"
    company.roles = [CompanyDetails.allRoles[random.number(4)].0]
    company.ownerID = user?.text ?? ""
    _ = try CompanyStore.create(company, note: "", by: actor, now: now.adding(seconds: -366 * 86_400 + index * 60), in: db)
    return company.name
  }

  private func contact(_ index: Int, _ companies: [String], owner: RecordID?, _ random: inout SplitMix) -> ContactForm {
    var form = ContactForm()
    let person = DemoNames.people.pick(&random)
    let first = person.first.pick(&random)
    let last = person.last.pick(&random)
    let place = DemoNames.places.pick(&random)
    let mailbox = DemoNames.latin("\(first).\(last)").replacingSpaces
    form.details.name = "\(first) \(last)"
    form.details.status = random.number(10) == 0 ? "inactive" : "active"
    form.details.jobTitle = DemoNames.titles.pick(&random)
    form.details.language = person.language
    form.details.source = DemoNames.sources.pick(&random)
    form.details.ownerID = owner?.text ?? ""
    form.details.address = Address(
      street: "\(DemoNames.streets.pick(&random)) \(random.number(120) + 1)", city: place.city, country: place.country)
    form.details.channels = [
      Channel(kind: .email, label: "work", value: "\(mailbox).\(index + 1)@example.com", isPrimary: true),
      Channel(
        kind: .phone, label: "mobile", value: "\(place.dial) 69\(random.number(90) + 10) \(100_000 + random.number(899_999))",
        isPrimary: true),
    ]
    form.memberships = [
      MembershipDraft(companyName: companies[random.number(companies.count)], role: form.details.jobTitle, department: "", isPrimary: true)
    ]
    if random.number(4) == 0 { form.note = DemoNames.notes.pick(&random) }
    return form
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
