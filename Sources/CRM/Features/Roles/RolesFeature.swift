import Admin

let roles = Feature(
  name: "roles",
  routes: RolePages.routes + ExplainPage.routes + RightsPage.routes + RoleHandlers.routes,
  menu: [MenuItem(label: "Roles", path: "/admin/roles", icon: "shield-lock", resource: .roles, group: .administration)],
  menuLines: RolePages.menu,
  pages: ["roles/explain": ExplainPage.shape, "roles/rights": RightsPage.shape],
  records: [.role],
  pagePanels: [RoleHandlers.panel],
  derivations: [.counts(of: "roles"), .search("role_search")],
  settingsTabs: [RoleHandlers.tab])
