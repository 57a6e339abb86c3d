import Admin
import Templating

let interactions = Feature(
  name: "interactions",
  migrations: [.interactions, .parties, .overview, .outOfReach, .interactionsOfRecords, .liveInteractions],
  routes: PartyPicker.routes,
  recordRoutes: { InteractionHandlers(kind: $0).routes }, recordOperations: { InteractionOperations(kind: $0).all },
  shapes: InteractionOperations.shapes,
  pages: ["interactions/feed": InteractionsTab.shape, "interactions/edit": InteractionFormPage.pageShape],
  imports: [.interactions],
  tabs: [InteractionsTab.tab], recordPanels: [LatestInteractions.panel],
  details: [
    DetailField("type", "Type") { text, formats in formats.language.text(Interaction.type(text).label) },
    DetailField("direction", "Direction") { text, formats in text.isEmpty ? "" : formats.language.text(Interaction.direction(text)) },
    DetailField("occurred_at", "When") { text, formats in formats.minute(text) },
    DetailField("zone", "Time zone"), DetailField("duration", "Duration (min)"), DetailField("outcome", "Outcome"),
    DetailField("subject", "Subject"), DetailField("body", "Notes"), DetailField("party", "Participants", names: .anyRecords),
    DetailField("party_text", "Participants"),
  ],
  belongings: [Belonging("Interactions", in: "interactions", by: "record_id")], forget: PartyStore.forget,
  actions: [
    ActionLabel(action: "interaction.logged", label: "Logged an interaction", icon: "journal-text"),
    ActionLabel(action: "interaction.updated", label: "Edited an interaction", icon: "pencil"),
    ActionLabel(action: "interaction.deleted", label: "Deleted an interaction", icon: "trash"),
    ActionLabel(action: "interaction.restored", label: "Restored an interaction", icon: "arrow-counterclockwise"),
  ])
