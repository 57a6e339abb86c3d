import Admin
import Store

let tags = Feature(
  name: "tags", migrations: [.tags, .tagAliases], routes: TagsPage.routes,
  menu: [MenuItem(label: "Tags", path: TagsPage.path, icon: "tags", resource: .contacts, level: .write)], pages: TagsPage.pages,
  foldedTexts: [FoldedText("tags", key: "name_sort", of: "name"), FoldedText("tag_aliases", key: "name_sort", of: "name_sort")],
  details: [DetailField("tag", "Tag"), DetailField("color", "Colour")],
  belongings: [Belonging("Tags", in: "record_tags", by: "record_id")], actions: TagActs.actions)
