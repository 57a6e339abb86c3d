let contacts = Feature(
  name: "contacts",
  migrations: [.contacts, .contactSearch],
  routes: ListHandlers(list: .contacts).routes + ContactHandlers.routes + RecordActs(kind: .contact).routes,
  menu: [MenuItem(label: "Contacts", path: "/admin/crm/contacts", icon: "people", resource: .contacts)],
  pages: [
    "contacts/show": ContactPage.shape, "contacts/form": ContactFormPage.shape, "records/delete": RecordActs.deleteShape,
  ],
  lists: [.contacts],
  derivations: [.counts(of: "contacts"), .search("contact_search")],
  actions: [
    ActionLabel(action: "contact.created", label: "Created", icon: "plus-circle"),
    ActionLabel(action: "contact.updated", label: "Changed", icon: "pencil"),
    ActionLabel(action: "contact.reverted", label: "Put back an earlier version", icon: "arrow-counterclockwise"),
    ActionLabel(action: "contact.trashed", label: "Moved to the trash", icon: "trash"),
    ActionLabel(action: "contact.restored", label: "Restored", icon: "arrow-counterclockwise"),
    ActionLabel(action: "contact.deleted", label: "Deleted for good", icon: "x-circle"),
    ActionLabel(action: "contact.note_added", label: "Added a note", icon: "sticky"),
  ])

extension RecordKind {
  static let contact = RecordKind(
    name: "contact", label: "Contact", table: "contacts", path: "/admin/crm/contacts", resource: .contacts, listLabel: "Contacts",
    header: ContactStore.header)
}
