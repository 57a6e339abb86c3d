/// The names of HTML: known elements, void elements, boolean attributes.
package enum HTMLVocabulary {
  /// True for a current HTML element, an SVG element that icons use, or a custom element (a name with a dash).
  package static func isKnown(_ element: String) -> Bool { elements.contains(element) || svg.contains(element) || element.contains("-") }

  /// Elements without content and end tag.
  package static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
  ]

  /// Boolean attributes.
  package static let switches: Set<String> = [
    "allowfullscreen", "async", "autofocus", "autoplay", "checked", "controls", "default", "defer", "disabled", "formnovalidate", "hidden",
    "inert", "ismap", "itemscope", "loop", "multiple", "muted", "nomodule", "novalidate", "open", "playsinline", "readonly", "required",
    "reversed", "selected",
  ]

  /// Elements that preserve white space.
  package static let preformatted: Set<String> = ["pre", "textarea", "script", "style"]

  /// SVG elements of icons and small charts.
  package static let svg: Set<String> = [
    "svg", "use", "path", "g", "circle", "ellipse", "line", "polyline", "polygon", "rect", "text", "tspan", "symbol", "defs", "desc",
  ]

  private static let elements: Set<String> = [
    "a", "abbr", "address", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo", "blockquote", "body", "br", "button", "canvas",
    "caption", "cite", "code", "col", "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "div", "dl", "dt", "em",
    "embed", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr",
    "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "math", "menu", "meta",
    "meter", "nav", "noscript", "object", "ol", "optgroup", "option", "output", "p", "picture", "pre", "progress", "q", "rp", "rt", "ruby",
    "s", "samp", "script", "search", "section", "select", "slot", "small", "source", "span", "strong", "style", "sub", "summary", "sup",
    "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "u", "ul", "var", "video",
    "wbr",
  ]
}
