let columns = Feature(
  name: "columns",
  migrations: [.recordCounts, .columnViews, .notActive],
  pages: ["lists/list": ListPage.shape, "lists/columns": Customizer.shape])
