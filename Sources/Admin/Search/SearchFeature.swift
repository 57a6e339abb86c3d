/// The search box that every page has: records of all types that the visitor may see.
package let search = Feature(name: "search", routes: SearchPage.routes, pages: ["search/search": SearchPage.shape])

extension Resource {
  /// What is found depends on the rights on each type.
  static let search = Resource(implied: "search")
}
