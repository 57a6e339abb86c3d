let interactions = Feature(
  name: "interactions",
  migrations: [.interactions],
  pages: ["interactions/feed": InteractionsTab.shape],
  tabs: [InteractionsTab.tab])
