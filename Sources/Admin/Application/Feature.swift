package import Base
package import Store
package import Templating
import Web

/// What one part of the product brings along. A feature is a folder; this value is its front door, listed in `CRM.swift`.
package struct Feature: Sendable {
  let name: String
  var migrations: [Migration] = []
  var routes: [Route] = []
  /// Routes that this feature adds to the records of every type.
  var recordRoutes: @Sendable (RecordType) -> [Route] = { _ in [] }
  /// What programs can do with the records of every type, besides what they can with any.
  var recordOperations: @Sendable (RecordType) -> [APIOperation] = { _ in [] }
  /// Parts of the API's document that its operations name.
  var shapes: [(name: String, shape: JSONShape)] = []
  var menu: [MenuItem] = []
  /// Lines of the sidebar that depend on what is in the database.
  var menuLines: (@Sendable (RequestContext, Database) throws -> [MenuItem])?
  /// Template name → shape of the page value that it is rendered with.
  var pages: [String: ViewSchema] = [:]
  /// The types of records that it brings, with their lists, forms and pages.
  var records: [RecordType] = []
  /// What it takes from files besides its types of records.
  var imports: [ImportTarget] = []
  /// Tabs that this feature adds to the record pages of others.
  var tabs: [RecordTab] = []
  /// Panels that this feature adds to the Overview of records of every type.
  var recordPanels: [RecordPanel] = []
  /// Parts that this feature adds to pages that belong to nobody's records.
  var pagePanels: [PagePanel] = []
  /// What this feature keeps ready that could be worked out: `roost check` looks after it.
  var derivations: [DerivedData] = []
  /// Folded texts that it keeps besides those of its records.
  var foldedTexts: [FoldedText] = []
  /// Fields of what this feature hangs on records, as histories and conflicts name them.
  var details: [DetailField] = []
  /// What this feature hangs on records, which goes along with them.
  var belongings: [Belonging] = []
  /// Removes what this feature's rows that belong to others tell of a record, before that is deleted permanently.
  var forget: (@Sendable (RecordID, Database) throws -> Void)?
  /// How many things of this feature wait for the visitor: the number at the inbox's link.
  var unread: (@Sendable (RequestContext, Database) throws -> Int)?
  /// Fills an empty office with made-up data, offered when Roost is set up.
  var demo: (@Sendable (Services, _ user: RecordID, _ name: String, Timestamp) throws -> Void)?
  /// How this feature's activity entries read on an Events tab.
  var actions: [ActionLabel] = []
  /// Tabs that this feature adds to the settings page, or adds to.
  var settingsTabs: [SettingsTab] = []
  /// What it has done in the background.
  var jobs: [JobKind] = []
  /// What it keeps for a time only.
  var chores: [Chore] = []

  package init(
    name: String, migrations: [Migration] = [], routes: [Route] = [],
    recordRoutes: @escaping @Sendable (RecordType) -> [Route] = { _ in [] },
    recordOperations: @escaping @Sendable (RecordType) -> [APIOperation] = { _ in [] }, shapes: [(name: String, shape: JSONShape)] = [],
    menu: [MenuItem] = [], menuLines: (@Sendable (RequestContext, Database) throws -> [MenuItem])? = nil,
    pages: [String: ViewSchema] = [:],
    records: [RecordType] = [], imports: [ImportTarget] = [], tabs: [RecordTab] = [], recordPanels: [RecordPanel] = [],
    pagePanels: [PagePanel] = [], derivations: [DerivedData] = [], foldedTexts: [FoldedText] = [], details: [DetailField] = [],
    belongings: [Belonging] = [], forget: (@Sendable (RecordID, Database) throws -> Void)? = nil,
    unread: (@Sendable (RequestContext, Database) throws -> Int)? = nil,
    demo: (@Sendable (Services, _ user: RecordID, _ name: String, Timestamp) throws -> Void)? = nil, actions: [ActionLabel] = [],
    settingsTabs: [SettingsTab] = [],
    jobs: [JobKind] = [], chores: [Chore] = []
  ) {
    self.name = name
    self.migrations = migrations
    self.routes = routes
    self.recordRoutes = recordRoutes
    self.recordOperations = recordOperations
    self.shapes = shapes
    self.menu = menu
    self.menuLines = menuLines
    self.pages = pages
    self.records = records
    self.imports = imports
    self.tabs = tabs
    self.recordPanels = recordPanels
    self.pagePanels = pagePanels
    self.derivations = derivations
    self.foldedTexts = foldedTexts
    self.details = details
    self.belongings = belongings
    self.forget = forget
    self.unread = unread
    self.demo = demo
    self.actions = actions
    self.settingsTabs = settingsTabs
    self.jobs = jobs
    self.chores = chores
  }
}

/// The parts of the sidebar, in order.
package enum MenuGroup: String, Sendable, CaseIterable {
  case crm = "CRM"
  case people = "People"
  case administration = "Administration"
}

/// A line of the sidebar, shown to those who may open it.
package struct MenuItem: Sendable {
  let label: String
  let path: String
  /// A Bootstrap icon's name.
  let icon: String
  let resource: Resource
  var level = Level.readOwn
  var group = MenuGroup.crm
  /// The keys, pressed one after the other, that lead there.
  var keys: [String] = []
  /// Whether pages below its path are pages of their own, and not its parts.
  var isAlone = false
  /// Whether the label is a name, which isn't translated.
  var isNamed = false

  package init(
    label: String, path: String, icon: String, resource: Resource, level: Level = Level.readOwn, group: MenuGroup = .crm,
    keys: [String] = [], isAlone: Bool = false, isNamed: Bool = false
  ) {
    self.label = label
    self.path = path
    self.icon = icon
    self.resource = resource
    self.level = level
    self.group = group
    self.keys = keys
    self.isAlone = isAlone
    self.isNamed = isNamed
  }
}
