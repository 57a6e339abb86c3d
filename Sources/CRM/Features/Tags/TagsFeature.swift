import Admin
import Store

let tags = Feature(
  name: "tags", migrations: [.tags, .tagAliases], routes: TagsPage.routes,
  menu: [MenuItem(label: "Tags", path: TagsPage.path, icon: "tags", resource: .contacts, level: .write)], pages: TagsPage.pages,
  details: [DetailField("tag", "Tag"), DetailField("color", "Colour")], actions: TagActs.actions)
