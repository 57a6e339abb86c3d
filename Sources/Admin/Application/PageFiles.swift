import Base
package import Templating
package import Web

/// The translations, assets and templates that pages are made from, read once when the program starts.
package struct PageFiles: Sendable {
  package let languages: Languages
  let assets: Assets
  let templates: Templates

  /// Reads the folder of resources. Throws what is wrong with a template, a translation or an asset.
  package init(_ composition: Composition, _ options: Application.Options) throws {
    languages = try Languages(folder: options.resources + "/Templates/languages")
    assets = try Assets(
      folder: options.resources + "/Public",
      extra: [
        .file("/usr/share/javascript/sortable/Sortable.min.js", as: "vendor/sortable.js"),
        .icons(from: "/usr/share/bootstrap-icons/svg", names: Icons.names + composition.icons, as: "icons.svg"),
      ], linking: ["css/roost.css", "js/roost.js"], reloads: options.development,
      report: { [log = options.log] in log("assets", ["problem": $0]) })
    templates = try Self.templates(composition, options, assets: assets)
  }

  /// The templates, every one checked against the data that its page gives it.
  package static func templates(_ composition: Composition, _ options: Application.Options, assets: Assets?) throws -> Templates {
    try Templates(
      folder: options.resources + "/Templates", filters: TemplateFilters.all(assets: assets), globals: PageLayout.shape,
      pages: composition.pages, fragments: ListRows.cells, reloads: options.development)
  }
}
