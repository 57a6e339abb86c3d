import Templating

/// How wide somebody has made a column, in quarters of the unit of `list.css`: 4 px each where a list scrolls, else a share of the room that there is.
struct ColumnWidth: Equatable, Sendable {
  let quarters: Int

  /// From 4 to 40 units, as the handles between the headings have it too.
  static let range = 16...160

  /// `nil` for anything but a number within the range.
  init?(_ text: String) {
    guard let quarters = Int(text), Self.range.contains(quarters) else { return nil }
    self.quarters = quarters
  }

  /// In units, `14.25`.
  var units: String { quarters % 4 == 0 ? String(quarters / 4) : String(Double(quarters) / 4) }

  /// The choices of a form, for one column: a few widths, and the present one if a hand has dragged it.
  static func options(_ width: ColumnWidth?, in language: Language) -> Value {
    let selected = width.map { String($0.quarters) } ?? ""
    var pairs = [("", "Automatic width"), ("24", "Narrow"), ("40", "Medium"), ("64", "Wide"), ("96", "Very wide")]
    if !pairs.contains(where: { $0.0 == selected }) { pairs.append((selected, "Custom width")) }
    return Choices(pairs.map { ($0.0, language.text($0.1)) }).options(selected: selected)
  }
}

/// Widths by column, as they are kept: `email:56,city:24`.
extension [String: ColumnWidth] {
  init(stored: String) {
    self.init()
    for item in stored.split(separator: ",") {
      let parts = item.split(separator: ":").map(String.init)
      if parts.count == 2 { self[parts[0]] = ColumnWidth(parts[1]) }
    }
  }

  var stored: String { sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.quarters)" }.joined(separator: ",") }
}
