import Admin

let roles = Feature(
  name: "roles",
  menu: [MenuItem(label: "Roles", path: "/admin/roles", icon: "shield-lock", resource: .roles, group: .administration)],
  records: [.role],
  derivations: [.counts(of: "roles"), .search("role_search")])
