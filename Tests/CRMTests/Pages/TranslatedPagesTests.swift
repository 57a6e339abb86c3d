import CRM
import Foundation
import Store
import Testing
import Web

@testable import Admin
@testable import XML

/// Every page in Greek, with Greek data: what is in Latin letters is a text that nobody translated.
@Suite struct TranslatedPagesTests {
  private let office: TestApp
  private let owner: TestClient

  init() throws {
    office = try TestApp()
    owner = try office.visitor(.owner, name: "Όλγα")
    owner.acceptLanguage = "el"
  }

  /// Names, formats and keys, which are the same in all languages.
  private static let international: Set = [
    "Roost", "CRM", "mail", "SMS", "WhatsApp", "CSV", "PDF", "Excel", "Markdown", "URL", "Web", "domain", "Enter", "Ctrl", "Esc", "JPEG",
    "PNG",
    "GIF",
    "WebP", "TLS", "KB", "MB", "GB", "byte", "UTC", "EUR", "Europe", "Athens", "and", "is", "city", "status", "active", "roost", "import",
    "Aegis", "Google", "Authenticator", "Password", "QR", "JSON", "API", "Webhook", "webhook", "webhooks", "Webhooks", "IBAN", "BIC", "DHL",
    "EL", "myDATA",
  ]

  private func words(in text: String) -> [String] {
    text.replacing(/\{[a-z]+\}|\S*@\S+|owner\.0|https?:\S+|\/\S+|\S+\.(?:txt|png|csv)\b/, with: " ").matches(of: /[A-Za-z]{2,}/).map {
      String($0.output)
    }
    .filter { !Self.international.contains($0) }
  }

  /// Texts that people see or hear, outside code, keys and lists of what names itself.
  private func texts(of page: HTMLDocument) -> [String] {
    let unread =
      "ancestor-or-self::*[self::script or self::style or self::code or self::kbd or self::pre or @name='language' or @name='time_zone' or starts-with(@name, 'default_') or @name='currency' or @name='carriers' or contains(@name, '_currency')]"
    return page.all("//html//*[not(\(unread))]").flatMap { node -> [String] in
      let attributes = ["aria-label", "title", "placeholder", "alt"].compactMap { node[$0] }
      return attributes + node.contents.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
  }

  private func addRecords() throws {
    // What an office calls its roles is no text of the product.
    try office.store.write { db in _ = try db.run("UPDATE roles SET name = 'Ρόλος ' || seq, description = 'Περιγραφή'") }
    // Nor what it sells.
    try office.store.write { db in
      try db.run(
        """
        INSERT INTO settings (name, value, version, changed_at, changed_by_name)
        VALUES ('product_categories', 'Ρολόγια', 2, \(office.now), 'Όλγα')
        """)
    }
    for type in office.composition.records.all {
      let page = owner.get(type.path + "/new").page
      let form = try #require(page.first("//main//form[@method='post']"))
      var fields = form.all(".//input[@name][@type='hidden']").map { ($0["name"] ?? "", $0["value"] ?? "") }
      fields += form.all(".//input[@name][not(@type='hidden' or @type='checkbox' or @type='radio' or @type='file')]").map { input in
        (input["name"] ?? "", input["name"] == type.nameField?.name ? "Δοκιμή" : input["value"] ?? "")
      }
      fields += form.all(".//select[@name]").map { select in
        (select["name"] ?? "", select.first(".//option[@selected]")?["value"] ?? select.first(".//option")?["value"] ?? "")
      }
      fields += form.all(".//textarea[@name]").map { ($0["name"] ?? "", "") }
      let response = owner.post(type.path, fields)
      // Some types ask for more than a name.
      guard response.status == 303 else { continue }
      let record = response.location
      owner.get(record)
      for (path, field) in [("/notes", "note"), ("/comments", "body"), ("/interactions", "subject")] {
        owner.post(record + path, [(field, "Κείμενο"), ("body", "Κείμενο"), ("type", "call"), ("csrf_token", owner.lastToken)])
      }
      owner.post(record + "/files", files: [.init("α.txt", "Κείμενο")])
      let trashed = owner.post(type.path, fields).location
      owner.get(trashed)
      owner.post(trashed + "/trash", [("csrf_token", owner.lastToken)])
    }
  }

  @Test func `no page in Greek has a word of English`() throws {
    try addRecords()
    var (waiting, seen, found) = (["/admin/crm", "/account", "/admin/crm/nothing-here"], Set<String>(), [String: Set<String>]())
    while let path = waiting.popLast() {
      let response = owner.get(path)
      guard response.headers["Content-Type"]?.hasPrefix("text/html") == true else { continue }
      let page = response.page
      #expect(page.first("/html")?["lang"] == "el", "\(path)")
      // The reference is of names that programs use.
      for text in path.hasPrefix("/account/api") ? [] : texts(of: page) {
        for word in words(in: text) { found[word, default: []].insert("\(path): \(text)") }
      }
      for link in page.all("//a[@href]").compactMap({ $0["href"] }) where link.hasPrefix("/") && seen.insert(Self.kind(of: link)).inserted {
        waiting.append(link)
      }
    }
    #expect(seen.count > 60)
    for (word, places) in found.sorted(by: { $0.key < $1.key }) {
      Issue.record("“\(word)” in \(places.sorted().prefix(2).map { $0.prefix(150) })")
    }
  }

  /// A link without ids and values: pages that differ only by these have the same texts.
  private static func kind(of link: String) -> String {
    let parts = link.split(separator: "?", maxSplits: 1)
    let path = parts[0].replacing(/[0-9a-z-]*[0-9][0-9a-z-]{15,}/, with: "*")
    let names = parts.count > 1 ? parts[1].split(separator: "&").map { $0.prefix { $0 != "=" } } : []
    return path + "?" + names.sorted().joined(separator: "&")
  }
}
