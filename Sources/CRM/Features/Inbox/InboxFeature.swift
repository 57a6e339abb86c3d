import Admin

let inbox = Feature(
  name: "inbox",
  migrations: [.notificationsOfRecords, .notificationsOfCustomers],
  routes: InboxPage.routes,
  pages: ["inbox/inbox": InboxPage.shape],
  belongings: [Belonging("Notifications", in: "notifications", by: "record_id")],
  unread: { context, db in try Notifications.unread(for: context, in: db) })
