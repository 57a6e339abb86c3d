let activity = Feature(
  name: "activity",
  migrations: [.activity],
  pages: ["activity/events": EventsTab.shape],
  tabs: [EventsTab.tab])
