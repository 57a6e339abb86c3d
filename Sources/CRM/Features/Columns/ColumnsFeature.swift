let columns = Feature(
  name: "columns",
  migrations: [.recordCounts, .columnViews],
  pages: ["lists/list": ListPage.shape, "lists/columns": Customizer.shape])
