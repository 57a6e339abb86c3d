package import Store
package import Templating

/// A part that a feature adds to a page which several features make together.
package struct PagePanel: Sendable {
  package enum Page: Sendable, Equatable {
    case overview, inbox
    /// A tab of the settings, by its id.
    case settings(String)
  }

  let page: Page
  package let template: String
  let schema: ViewSchema
  /// What its template shows; `nil` where there is nothing to show.
  private let make: @Sendable (ViewSchema, RequestContext, Database) throws -> ViewData?

  package init(
    on page: Page, template: String, schema: ViewSchema,
    _ make: @escaping @Sendable (ViewSchema, RequestContext, Database) throws -> ViewData?
  ) {
    self.page = page
    self.template = template
    self.schema = schema
    self.make = make
  }

  /// What all features add to a page for this visitor.
  package static func fragments(on page: Page, for context: RequestContext, in db: Database) throws -> Value {
    .list(
      try context.composition.pagePanels.filter { $0.page == page }.compactMap { panel in
        try panel.make(panel.schema, context, db).map { try context.fragment(panel.template, $0) }
      })
  }
}
