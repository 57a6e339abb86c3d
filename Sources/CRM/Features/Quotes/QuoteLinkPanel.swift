import Admin
import Base
import Store
import Templating
import Web

/// The customer's link on a quote's page: to copy, to replace, to revoke.
enum QuoteLinkPanel {
  static let panel = RecordPanel(
    place: .lead, template: "quotes/link",
    schema: ViewSchema(
      "quote-link",
      [
        ("address", .optional(.text)), ("isThere", .bool), ("openedAt", .optional(.text)), ("opened", .text), ("mayWrite", .bool),
        ("makeHref", .text), ("revokeHref", .text),
      ])
  ) { schema, quote, context, db in
    guard quote.status != "draft", !quote.isTrashed else { return nil }
    let mayWrite = context.may(.write, on: .quotes)
    let link = try QuoteLink.of(quote.id, in: db)
    if link == nil, !mayWrite || quote.status != "sent" { return nil }
    let href = quote.header.href + "/link"
    return ViewData(
      schema,
      [
        mayWrite ? link?.address(context).map { .text($0) } ?? .null : .null, .bool(link != nil),
        link?.openedAt.map { .text($0) } ?? .null, .text(link?.openedAt.map(context.formats.minute) ?? ""), .bool(mayWrite), .text(href),
        .text(href + "/revoke"),
      ])
  }

  static let routes: [Route] = [
    .post("/admin/crm/quotes/{id}/link", .write(.quotes), make),
    .post("/admin/crm/quotes/{id}/link/revoke", .write(.quotes), revoke),
  ]

  static let labels = [
    ActionLabel(action: "quote.link_made", label: "Made a link for the customer", icon: "link-45deg"),
    ActionLabel(action: "quote.link_revoked", label: "Revoked the customer’s link", icon: "x-circle"),
  ]

  @Sendable private static func make(_ context: RequestContext) throws -> Response {
    try change(context, Message("This is the new link. Older ones no longer work.")) { quote, act in
      guard quote.status != "draft" else { return .invalid(ValidationErrors("", Message("A draft has no link. Mark it as sent first."))) }
      try QuoteLink.make(for: quote.id, act)
      return try act.done("quote.link_made", quote.id, on: quote)
    }
  }

  @Sendable private static func revoke(_ context: RequestContext) throws -> Response {
    try change(context, Message("Link revoked. It no longer opens the quote.")) { quote, act in
      guard try QuoteLink.revoke(quote.id, act) else { return .unchanged(quote.id) }
      return try act.done("quote.link_revoked", quote.id, on: quote)
    }
  }

  private static func change(
    _ context: RequestContext, _ done: Message, _ act: (RecordHeader, ActContext) throws -> Outcome
  ) throws -> Response {
    let header = try context.header(of: .quote)
    let outcome = try context.act { writing -> Outcome in
      guard let quote = try RecordType.quote.header(header.id, .all, writing.db) else { throw HTTPError.notFound }
      if quote.isTrashed { return .inTrash(quote) }
      return try act(quote, writing)
    }
    return context.redirect(to: header.href, outcome, done, orElse: Message("There is no link."))
  }
}
