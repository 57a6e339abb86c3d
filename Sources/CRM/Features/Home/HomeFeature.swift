import Admin

let home = Feature(
  name: "home",
  routes: Home.routes,
  menu: [MenuItem(label: "Overview", path: "/admin/crm", icon: "house", resource: .contacts, isAlone: true)],
  pages: ["home/home": Home.shape])
