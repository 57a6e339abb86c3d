let columns = Feature(
  name: "columns",
  migrations: [.columnViews],
  pages: ["lists/list": ListPage.shape, "lists/columns": Customizer.shape])
