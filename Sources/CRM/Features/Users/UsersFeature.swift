import Admin

let people = Feature(
  name: "people",
  routes: UserHandlers.routes + ContactLogin.routes,
  menu: [MenuItem(label: "Users", path: "/admin/users", icon: "person-badge", resource: .users, group: .administration)],
  records: [.user],
  derivations: [.counts(of: "users"), .search("user_search")],
  actions: UserHandlers.actions)
