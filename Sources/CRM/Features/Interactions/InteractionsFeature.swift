let interactions = Feature(
  name: "interactions",
  migrations: [.interactions, .parties, .overview, .outOfReach, .interactionsOfRecords],
  routes: PartyPicker.routes,
  recordRoutes: { InteractionHandlers(kind: $0).routes },
  pages: ["interactions/feed": InteractionsTab.shape, "interactions/edit": InteractionFormPage.pageShape],
  imports: [.interactions],
  tabs: [InteractionsTab.tab],
  actions: [
    ActionLabel(action: "interaction.logged", label: "Wrote down an interaction", icon: "journal-text"),
    ActionLabel(action: "interaction.updated", label: "Changed an interaction", icon: "pencil"),
    ActionLabel(action: "interaction.deleted", label: "Deleted an interaction", icon: "trash"),
    ActionLabel(action: "interaction.restored", label: "Brought an interaction back", icon: "arrow-counterclockwise"),
  ])
