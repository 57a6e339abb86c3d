import XML

/// Structural rules for every page of Roost.
package enum Rules {
  /// The violations, one sentence each with its line; empty for a valid page.
  package static func check(_ html: String) -> [String] {
    let document = HTMLDocument(html)
    return TagNesting.check(html) + document.errors.map { "parser: \($0)" } + pageRules(document) + nameRules(document)
      + formRules(document)
      + securityRules(document)
  }

  private static func pageRules(_ page: HTMLDocument) -> [String] {
    var broken: [String] = []
    if (page.root?["lang"] ?? "").isEmpty { broken.append("<html> has no lang") }
    if (page.first("//head/title")?.text ?? "").isEmpty { broken.append("the page has no title") }
    let headings = page.all("//h1")
    if headings.count > 1 { broken.append("the page has \(headings.count) <h1>, at \(headings.lines)") }
    if page.all("//main").count > 1 { broken.append("the page has more than one <main>") }
    broken += Dictionary(grouping: page.all("//*[@id]")) { $0["id"] ?? "" }.filter { $1.count > 1 }.sorted { $0.key < $1.key }
      .map { "id “\($0)” is used \($1.count) times, at \($1.lines)" }
    broken += page.all("//*").filter { !HTMLVocabulary.isKnown($0.name) }.map { "\($0.place): unknown or obsolete element" }
    broken += page.all("//*[@align or @bgcolor or @border or @cellpadding or @cellspacing or @valign or @nowrap]")
      .filter { $0.first("ancestor-or-self::svg") == nil }.map { "\($0.place): obsolete presentational attribute" }
    return broken
  }

  private static func nameRules(_ page: HTMLDocument) -> [String] {
    var broken: [String] = []
    broken += page.all("//img[not(@alt)]").map { "\($0.place): no alt" }
    broken += page.all("//a[@href]").filter { $0.accessibleName(in: page).isEmpty }.map { "\($0.place): link without text" }
    broken += page.all("//button").filter { $0.accessibleName(in: page).isEmpty }.map { "\($0.place): button without text" }
    broken += page.all("//button[not(@type)]").map { "\($0.place): button without type" }
    for attribute in ["aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage", "aria-owns", "list", "form"] {
      for element in page.all("//*[@\(attribute)]") where !(element.name == "svg") {
        for id in (element[attribute] ?? "").split(separator: " ") where page.element(withID: id) == nil {
          broken.append("\(element.place): \(attribute) refers to the missing id “\(id)”")
        }
      }
    }
    return broken
  }

  private static func formRules(_ page: HTMLDocument) -> [String] {
    var broken: [String] = []
    broken += page.all("//label[@for]").filter { page.element(withID: $0["for"] ?? "") == nil }
      .map { "\($0.place): label for the missing id “\($0["for"] ?? "")”" }
    broken += page.all("//input | //select | //textarea").filter { $0.needsLabel && !$0.hasLabel(in: page) }
      .map { "\($0.place): field “\($0["name"] ?? "")” has no label" }
    broken += page.all("//form").filter { ($0["method"] ?? "").lowercased() == "post" && $0.first(".//input[@name='csrf_token']") == nil }
      .map { "\($0.place): posts without csrf_token" }
    broken += page.all("//form[not(@action)]").map { "\($0.place): form without action" }
    return broken
  }

  private static func securityRules(_ page: HTMLDocument) -> [String] {
    var broken: [String] = []
    broken += page.all("//script[not(@src)]").filter { $0["type"] != "application/json" }.map { "\($0.place): inline script" }
    broken += page.all("//style | //*[@style]").map { "\($0.place): inline style" }
    broken += page.all("//*[@*[starts-with(name(), 'on')]]").map { "\($0.place): inline event handler" }
    broken += page.all("//a[@href] | //form[@action]").filter { ($0["href"] ?? $0["action"] ?? "").lowercased().hasPrefix("javascript:") }
      .map { "\($0.place): javascript: URL" }
    broken += page.all("//a[@target='_blank']").filter {
      !($0["rel"] ?? "").contains("noopener") && !($0["rel"] ?? "").contains("noreferrer")
    }
    .map { "\($0.place): target=_blank without rel=noopener" }
    return broken
  }
}

extension HTMLNode {
  fileprivate var place: String { "line \(line), <\(name)>" }

  /// True for a field that a person fills in.
  fileprivate var needsLabel: Bool {
    !["hidden", "submit", "button", "reset", "image"].contains((self["type"] ?? "").lowercased())
  }

  fileprivate func hasLabel(in page: HTMLDocument) -> Bool {
    if !(self["aria-label"] ?? "").isEmpty || self["aria-labelledby"] != nil { return true }
    if first("ancestor::label") != nil { return true }
    guard let id = self["id"] else { return false }
    return page.all("//label[@for]").contains { $0["for"] == id && !$0.text.isEmpty }
  }

  /// The accessible name of a link or a button: its label, or else its text with the alternatives of images.
  fileprivate func accessibleName(in page: HTMLDocument) -> String {
    if let label = self["aria-label"], !label.isEmpty { return label }
    if let ids = self["aria-labelledby"] {
      return ids.split(separator: " ").compactMap { page.element(withID: $0)?.text }.joined(separator: " ")
    }
    let pictures = all(".//img[@alt]").compactMap { $0["alt"] } + all(".//*[@aria-label]").compactMap { $0["aria-label"] }
    return visibleText + pictures.joined()
  }

  /// The text that is not hidden from a screen reader.
  private var visibleText: String {
    let hidden = all(".//*[@aria-hidden='true']").map(\.text).joined()
    return text == hidden ? "" : text
  }
}

extension HTMLDocument {
  fileprivate func element(withID id: some StringProtocol) -> HTMLNode? { all("//*[@id]").first { $0["id"] == String(id) } }
}

extension [HTMLNode] {
  fileprivate var lines: String { "line " + map { String($0.line) }.joined(separator: ", ") }
}
