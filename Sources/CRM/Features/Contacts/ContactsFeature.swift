let contacts = Feature(
  name: "contacts", migrations: [.contacts, .contactSearch, .contactBirthday],
  menu: [MenuItem(label: "Contacts", path: "/admin/crm/contacts", icon: "people", resource: .contacts)], records: [.contact],
  derivations: [.counts(of: "contacts"), .search("contact_search")])
