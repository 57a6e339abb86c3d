import Base
import Web

/// The style sheet with the widths of a list's columns. A page may hold no styles of its own, so it comes from an address that says all there is to say
/// in it, so that browsers can cache it without limit: `columns.css?email=56`.
struct ColumnStyles: Sendable {
  let list: ListDefinition

  /// A list's first column has no name in its rows: it is the first.
  private static let first = "first"

  /// The address for this view; `nil` where it changes no width.
  func href(for view: ColumnView) -> String? {
    let pairs = view.columns.enumerated().compactMap { number, id in
      view.widths[id].map { (number == 0 ? Self.first : id, String($0.quarters)) }
    }
    return pairs.isEmpty || view.layout == .cards ? nil : URLQuery.append(pairs, to: list.path + "/columns.css")
  }

  @Sendable func respond(_ context: RequestContext) throws -> Response {
    var rules = context.query["first"].flatMap { ColumnWidth($0) }.map { [".list :is(th, td):first-child { --width: \($0.units); }"] } ?? []
    for column in list.columns {
      guard let width = context.query[column.id].flatMap({ ColumnWidth($0) }) else { continue }
      rules.append(".list :is([data-column=\"\(column.id)\"], .c-\(column.id)) { --width: \(width.units); }")
    }
    var response = Response(status: 200, body: .bytes(Array((rules.joined(separator: "\n") + "\n").utf8)))
    response.headers.set("Content-Type", "text/css; charset=utf-8")
    response.headers.set("Cache-Control", "private, max-age=31536000, immutable")
    return response
  }
}
