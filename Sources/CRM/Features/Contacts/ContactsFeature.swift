import Admin

let contacts = Feature(
  name: "contacts",
  migrations: [
    .contacts, .contactSearch, .contactBirthday, .contactCityOrder, .records(of: "contacts", type: "contact", on: "2026-11-27"),
    .contactNumbers, .noteIDs(of: "contacts", type: "contact"),
  ],
  menu: [MenuItem(label: "Contacts", path: "/admin/crm/contacts", icon: "people", resource: .contacts, keys: ["g", "c"])],
  records: [.contact],
  derivations: [.counts(of: "contacts"), .search("contact_search")],
  settingsTabs: [.lists])

extension Resource {
  static let contacts = Resource(
    "contacts", "Contacts", manager: .write, factory: .readOwn,
    ownThrough: [OwningLink("orders", "contact_id", reason: "{record} is the customer of an order that {name} owns or created.")])
}
