import Admin
import Base

/// A parcel service, and where one sees how far a parcel has come.
struct Carrier: Sendable, Equatable {
  let name: String
  /// With `{tracking}` in the place of the parcel's number; empty for none.
  let template: String

  private static let mark = "{tracking}"

  /// Reads `DHL https://…{tracking}`, or a name alone.
  init(_ line: String) throws(InvalidValue) {
    guard let space = line.lastIndex(of: " "), line[space...].contains(":") || line[space...].contains("{") else {
      (name, template) = (line, "")
      return
    }
    name = TextNormalizing.line(String(line[..<space]))
    template = String(line[line.index(after: space)...])
    guard template.hasPrefix("https://"), template.contains(Self.mark), !name.isEmpty, template.utf8.allSatisfy({ $0 > 32 && $0 != 34 })
    else {
      throw InvalidValue(Message("Enter a carrier like DHL https://example.com/track?id={tracking}. The address must start with https."))
    }
  }

  /// The page of a parcel; `nil` where the carrier has none.
  func href(_ number: String) -> String? {
    template.isEmpty || number.isEmpty ? nil : template.replacing(Self.mark, with: PercentEncoding.encode(number))
  }

  static func all(_ settings: Settings) -> [Carrier] {
    LinesField.lines(settings[.carriers]).compactMap { try? Carrier($0) }
  }

  static func named(_ name: String, _ settings: Settings) -> Carrier? { all(settings).first { TextFolding.isSame($0.name, name) } }
}

extension Setting {
  static let carriers = Setting(
    Field(
      "carriers", "Carriers", LinesField(),
      hint: "One per line: the name, then the address of its tracking page with {tracking} for the number. The address can be left out."),
    default: .text(
      [
        "DHL https://www.dhl.com/en/express/tracking.html?AWB={tracking}", "UPS https://www.ups.com/track?tracknum={tracking}",
        "FedEx https://www.fedex.com/fedextrack/?trknbr={tracking}", "GLS https://gls-group.com/track/{tracking}",
        "ELTA Courier https://www.elta-courier.gr/search?br={tracking}",
      ].joined(separator: "\n")),
    check: { value, _ in
      for line in LinesField.lines(value) {
        do throws(InvalidValue) { _ = try Carrier(line) } catch { return error.message }
      }
      return nil
    })
}
