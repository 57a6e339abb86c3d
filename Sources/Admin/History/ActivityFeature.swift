package let activity = Feature(
  name: "activity",
  migrations: [.activity, .activityInsight, .activityByType, .activityVersion, .batches, .erasures],
  routes: ActivityPage.routes + Erasure.routes,
  menu: [MenuItem(label: "Activity", path: "/admin/crm/activity", icon: "clock-history", resource: .activity, level: .read)],
  pages: ["activity/events": EventsTab.shape, "activity/activity": ActivityPage.shape],
  tabs: [EventsTab.tab],
  details: [DetailField("note", "Note")],
  actions: [
    ActionLabel(action: "note.edited", label: "Edited a note", icon: "pencil"),
    ActionLabel(action: "note.deleted", label: "Deleted a note", icon: "trash"),
    ActionLabel(action: "note.restored", label: "Restored a note", icon: "arrow-counterclockwise"),
  ])

extension Resource {
  package static let activity = Resource("activity", "Activity log", levels: [.none, .read], manager: .read)
}
