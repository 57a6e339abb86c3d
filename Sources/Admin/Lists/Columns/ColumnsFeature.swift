package let columns = Feature(
  name: "columns",
  migrations: [.recordCounts, .columnViews, .columnWidths],
  pages: [
    "lists/list": ListPage.shape, "lists/columns": Customizer.shape, "lists/filter": FilterPage.schema,
    "records/show": RecordShowPage.schema,
    "records/form": RecordFormPage.schema, "records/delete": RecordHandlers.deleteShape,
  ])
