import Admin
import Base

/// A way to reach somebody.
struct Channel: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable {
    case email, phone, whatsapp, url
  }

  var kind: Kind
  var label: String
  var value: String
  /// One per kind; it comes first among its kind.
  var isPrimary: Bool
  /// Of a stored one: the number as dialed, so that no page has to parse it.
  var dialed: String?

  static func == (one: Channel, other: Channel) -> Bool {
    (one.kind, one.label, one.value, one.isPrimary) == (other.kind, other.label, other.value, other.isPrimary)
  }

  static let most = 50
}

extension Channel {
  /// `{"phone":[{"label":"work","value":"…","number":"+30…"}],…}`: per kind, the primary one first, and with a number what is dialed. The row's
  /// `email`, `phone` and `phone_number` are generated from it.
  static func value(_ channels: [Channel]) -> FieldValue {
    guard !channels.isEmpty else { return .empty }
    return .text(
      JSON.object(
        Kind.allCases.compactMap { kind in
          var ofKind = channels.filter { $0.kind == kind }
          guard !ofKind.isEmpty else { return nil }
          if let primary = ofKind.firstIndex(where: \.isPrimary) { ofKind.insert(ofKind.remove(at: primary), at: 0) }
          return JSON.Member(
            name: kind.rawValue, value: .array(ofKind.map(\.json)))
        }
      ).text)
  }

  private var json: JSON {
    var members = [JSON.Member(name: "label", value: .string(label)), JSON.Member(name: "value", value: .string(value))]
    if isNumber { members.append(JSON.Member(name: "number", value: .string(PhoneLink.number(value)))) }
    return .object(members)
  }

  private var isNumber: Bool { kind == .phone || kind == .whatsapp }

  static func list(_ value: FieldValue) -> [Channel] {
    guard !value.isEmpty, let json = try? JSON(parsing: value.text) else { return [] }
    return Kind.allCases.flatMap { kind in
      (json[kind.rawValue]?.array ?? []).enumerated().map { index, item in
        Channel(
          kind: kind, label: item["label"]?.string ?? "", value: item["value"]?.string ?? "", isPrimary: index == 0,
          dialed: item["number"]?.string)
      }
    }
  }

  var problem: Message? {
    if value.isEmpty { return Message("Enter an e-mail, number or URL, or remove this row.") }
    if let problem = TextRules.problem(with: label, atMost: 60) { return problem }
    let field: any FieldKind =
      switch kind {
      case .email: EmailField()
      case .phone, .whatsapp: PhoneField()
      case .url: WebField()
      }
    do throws(InvalidValue) {
      _ = try field.parse(value)
      return nil
    } catch {
      return error.message
    }
  }

  /// `email (work): ann@example.com`.
  var text: String { label.isEmpty ? "\(kind.rawValue): \(value)" : "\(kind.rawValue) (\(label)): \(value)" }

  /// Reads `text` back.
  init?(_ text: String, isPrimary: Bool) {
    guard let end = text.firstIndex(where: { $0 == ":" || $0 == "(" }),
      let kind = Kind(rawValue: TextNormalizing.clean(String(text[..<end])).lowercased())
    else { return nil }
    self.init(kind: kind, label: "", value: "", isPrimary: isPrimary)
    var rest = text[end...]
    if rest.first == "(" {
      // A label may hold brackets itself.
      guard let close = rest.firstRange(of: "):") else { return nil }
      label = TextNormalizing.line(String(rest[rest.index(after: rest.startIndex)..<close.lowerBound]))
      rest = rest[rest.index(after: close.lowerBound)...]
    }
    value = TextNormalizing.line(String(rest.dropFirst()))
  }

  /// Where a click on the channel leads, if anywhere.
  var href: String? {
    switch kind {
    case .email: EmailLink.href(value)
    case .phone: PhoneLink.tel(number: dialed ?? PhoneLink.number(value))
    case .whatsapp: PhoneLink.whatsApp(number: dialed ?? PhoneLink.number(value))
    case .url: WebLink.href(value)
    }
  }
}
