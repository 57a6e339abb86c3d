package let activity = Feature(
  name: "activity",
  migrations: [.activity, .activityInsight, .activityByType, .activityVersion, .batches],
  routes: ActivityPage.routes,
  menu: [MenuItem(label: "Activity", path: "/admin/crm/activity", icon: "clock-history", resource: .activity, level: .read)],
  pages: ["activity/events": EventsTab.shape, "activity/activity": ActivityPage.shape],
  tabs: [EventsTab.tab],
  details: [DetailField("note", "Note")])

extension Resource {
  package static let activity = Resource("activity", manager: .read)
}
