let companies = Feature(
  name: "companies",
  migrations: [.companies, .companySearch],
  routes: ListHandlers(list: .companies).routes + CompanyHandlers.routes + RecordActs(kind: .company).routes,
  menu: [MenuItem(label: "Companies", path: "/admin/crm/companies", icon: "building", resource: .companies)],
  pages: ["companies/show": CompanyPage.shape, "companies/form": CompanyFormPage.shape],
  lists: [.companies],
  derivations: [.counts(of: "companies"), .search("company_search")],
  actions: [
    ActionLabel(action: "company.created", label: "Created", icon: "plus-circle"),
    ActionLabel(action: "company.updated", label: "Changed", icon: "pencil"),
    ActionLabel(action: "company.reverted", label: "Put back an earlier version", icon: "arrow-counterclockwise"),
    ActionLabel(action: "company.trashed", label: "Moved to the trash", icon: "trash"),
    ActionLabel(action: "company.restored", label: "Restored", icon: "arrow-counterclockwise"),
    ActionLabel(action: "company.deleted", label: "Deleted for good", icon: "x-circle"),
    ActionLabel(action: "company.note_added", label: "Added a note", icon: "sticky"),
  ])

extension RecordKind {
  static let company = RecordKind(
    name: "company", label: "Company", table: "companies", path: "/admin/crm/companies", resource: .companies, listLabel: "Companies",
    header: CompanyStore.header)
}
