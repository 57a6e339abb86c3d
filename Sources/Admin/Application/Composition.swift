import Base
package import Store
import Templating
import Web

/// What a product is made of, put together from its features: types of records, routes, menu, pages, migrations. Values only: nothing is opened or
/// started.
package struct Composition: Sendable {
  package let features: [Feature]
  /// The types of records, in the order of their features.
  package let records: RecordTypes
  /// Routes that features declare, and those that every type of record has.
  let routes: [Route]
  /// What programs can do, by the API.
  let operations: [APIOperation]
  let menu: [MenuItem]
  let tabs: [RecordTab]
  let recordPanels: [RecordPanel]
  let pagePanels: [PagePanel]
  let settingsTabs: [SettingsTab]
  /// All settings, and their fields as those of a record.
  package let settings: [Setting]
  let settingsType: RecordType
  package let actions: ActionLabels
  /// Fields of what hangs on records, as histories name them.
  package let details: [String: DetailField]
  /// What is taken from files.
  let imports: [ImportTarget]
  /// What goes along with a record.
  let belongings: [Belonging]
  /// What is kept ready that could be worked out.
  let derivations: [DerivedData]
  /// Kinds of work in the background.
  package let jobs: JobKinds
  /// What housekeeping removes.
  let chores: [Chore]

  package init(_ features: [Feature]) {
    let records = RecordTypes(features.flatMap(\.records))
    let settingsTabs = SettingsTab.merged(features.flatMap(\.settingsTabs))
    self.settingsTabs = settingsTabs
    settings = settingsTabs.flatMap(\.sections).flatMap(\.settings)
    settingsType = .settings(settingsTabs)
    self.features = features
    self.records = records
    operations = records.all.flatMap { type in
      RecordOperations(type).all + NoteOperations(type: type).all + (type.isAnchor ? features.flatMap { $0.recordOperations(type) } : [])
    }
    routes =
      features.flatMap { feature in
        feature.routes + records.all.filter(\.isAnchor).flatMap(feature.recordRoutes) + feature.records.flatMap(Self.routes)
      } + SettingsPages.routes(of: settingsTabs) + operations.map(\.route)
    menu = features.flatMap(\.menu)
    let keys = menu.map(\.keys).filter { !$0.isEmpty }
    precondition(Set(keys).count == keys.count, "two menu items have the same shortcut")
    tabs = features.flatMap(\.tabs)
    recordPanels = features.flatMap(\.recordPanels)
    pagePanels = features.flatMap(\.pagePanels)
    actions = ActionLabels(features.flatMap { $0.actions + $0.records.flatMap(\.actions) })
    details = Dictionary(features.flatMap(\.details).map { ($0.name, $0) }) { first, _ in first }
    imports = features.flatMap { $0.records.filter(\.isImported).map(RecordImport.target) + $0.imports }
    belongings = features.flatMap(\.belongings)
    derivations = records.all.map(DerivedData.records) + records.all.compactMap(DerivedData.keys) + features.flatMap(\.derivations)
    jobs = JobKinds(features.flatMap(\.jobs))
    chores = features.flatMap(\.chores)
  }

  /// All that roles can be given rights on.
  package var resources: [Resource] { Resource.all(of: records.all) }

  /// The tabs of a type's records besides their Overview.
  func tabs(of type: RecordType) -> [RecordTab] {
    tabs.filter { $0.type.map { $0 == type.name } ?? (type.isAnchor || $0.isEverywhere) }
  }

  private static func routes(of type: RecordType) -> [Route] {
    ListHandlers(list: type.list).routes + RecordPages(type: type).routes + FieldPages(type: type).routes
      + NotePages(type: type).routes + RecordSteps(type: type).routes + RecordHandlers(kind: type).routes
  }

  /// All migrations in the order in which they run: by date, and those of one day in the order of the features.
  package var migrations: [Migration] {
    features.flatMap(\.migrations).enumerated().sorted { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }.map(\.element)
  }

  /// Template → schema of what it is given, for pages and for the parts that record types choose.
  var pages: [String: ViewSchema] {
    var pages = ErrorPages.shapes.merging(ListRows.pages) { first, _ in first }.merging(FieldPages.pages) { first, _ in first }
      .merging(ConflictChoices.pages) { first, _ in first }
      .merging(NotePages.pages) { first, _ in first }
      .merging(FieldTemplates.all) { first, _ in first }
    for feature in features { pages.merge(feature.pages) { first, _ in first } }
    for panel in recordPanels + records.all.flatMap(\.panels) { pages[panel.template] = panel.schema }
    for panel in pagePanels { pages[panel.template] = panel.schema }
    for field in records.all.flatMap(\.fields) + settingsType.fields { pages[field.kind.template.name] = field.kind.template.schema }
    return pages
  }

  /// What `roost import` takes.
  package var importNames: [String] { imports.map(\.name) }

  /// The icons that features name.
  var icons: [String] { menu.map(\.icon) + records.all.map(\.list.icon) + actions.all.map(\.icon) }

  /// The sidebar, as far as it depends on what is in the database.
  func menuLines(for context: RequestContext) throws -> [MenuItem] {
    let makers = features.compactMap(\.menuLines)
    return makers.isEmpty ? [] : try context.store.read { db in try makers.flatMap { try $0(context, db) } }
  }

  /// How much waits for the visitor.
  func unread(for context: RequestContext, in db: Database) throws -> Int {
    try features.reduce(0) { try $0 + ($1.unread?(context, db) ?? 0) }
  }

  /// What fills an empty office, if anything does.
  var demo: (@Sendable (Services, RecordID, String, Timestamp) throws -> Void)? { features.lazy.compactMap(\.demo).first }

  /// All routes as `roost routes` lists them.
  package var routeTable: [String] { routes.map { "\($0.method.rawValue)\t\($0.pattern)\t\($0.access)" } }

  /// All routes with what each built-in role may do there, as it is until an owner decides otherwise: `yes`, `own` for their own records, `no` (403) or
  /// `-` (404).
  package var grantTable: [String] {
    let roles = Role.allCases.map { Grants(roles: [RoleGrants($0)]) }
    return [(["route", "asks for"] + Role.allCases.map(\.rawValue)).joined(separator: "\t")]
      + routes.map { route in
        ([route.method.rawValue + " " + route.pattern, route.access.description] + roles.map { route.access.answer(to: $0) })
          .joined(separator: "\t")
      }
  }

  /// The SQL of a migration for the table of a record type, or for one field of it, as `roost schema` prints it.
  package func schema(of name: String, field: String?) throws(UnknownName) -> String {
    guard let type = records[name] else { throw UnknownName(name, known: records.all.map(\.name)) }
    guard let field else { return type.tableSQL }
    guard let known = type.field(field) else { throw UnknownName(field, known: type.fields.map(\.name)) }
    return type.additionSQL(of: known)
  }

  /// Something is named that there isn't.
  package struct UnknownName: Error, CustomStringConvertible {
    package let description: String

    init(_ name: String, known: [String]) { description = "there is no “\(name)”; there are \(known.joined(separator: ", "))" }
  }
}
