import Money
import Templating

extension Product {
  /// Codes of UN/ECE Recommendation 20, as invoices have them.
  static let units = [
    ("C62", "Piece"), ("HUR", "Hour"), ("DAY", "Day"), ("KGM", "Kilogram"), ("MTR", "Metre"), ("MTK", "Square metre"), ("LTR", "Litre"),
    ("SET", "Set"),
  ]

  /// A unit as it is written after so many of it, in thousandths: "3 pieces", "1.5 kg".
  static func unit(_ code: String, of quantity: Int64, in language: Language) -> String {
    let (wholes, rest) = quantity.quotientAndRemainder(dividingBy: Quantity.one.thousandths)
    // Of a part of one there are several.
    let count = rest == 0 ? Int(wholes) : 2
    switch code {
    case "C62": return language.plural("piece", "pieces", count: count)
    case "HUR": return language.plural("hour", "hours", count: count)
    case "DAY": return language.plural("day", "days", count: count)
    case "SET": return language.plural("set", "sets", count: count)
    case "KGM": return "kg"
    case "MTR": return "m"
    case "MTK": return "m²"
    case "LTR": return "l"
    default: return code
    }
  }
}
