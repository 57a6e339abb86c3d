let inbox = Feature(name: "inbox", routes: InboxPage.routes, pages: ["inbox/inbox": InboxPage.shape])
