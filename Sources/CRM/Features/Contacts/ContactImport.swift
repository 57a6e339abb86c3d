import Admin
import Base

/// What files from elsewhere call the parts of a contact.
extension ImportColumns {
  static let contactName = ImportColumns(
    [("first_name", LineField()), ("last_name", LineField())], of: "name", areInseparable: true
  ) { texts, _ in FieldValue(texts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")) }

  /// The first address, the first number and the first one that is a mobile's; what else there is stays.
  static let contactChannels = ImportColumns(
    [("email", EmailField()), ("phone", PhoneField()), ("mobile", PhoneField())], of: "channels",
    words: { texts in
      (texts[0].map(SearchWords.indexed) ?? []) + texts.dropFirst().flatMap { $0.map { $0.isEmpty ? [] : PhoneWords.indexed($0) } ?? [] }
    }
  ) { texts, stored in
    var channels = Channel.list(stored)
    for (text, (kind, label)) in zip(texts, [(Channel.Kind.email, ""), (.phone, ""), (.phone, "mobile")]) {
      guard let text else { continue }
      let isMobile = label == "mobile"
      // Alone, `phone` is the primary one, as lists export it; beside `mobile` it is the other one.
      let isAlone = kind == .email || !isMobile && texts[2] == nil
      let place = channels.firstIndex { $0.kind == kind && (isAlone || ($0.label == "mobile") == isMobile) }
      if text.isEmpty {
        if let place { channels.remove(at: place) }
      } else if let place {
        channels[place].value = text
      } else {
        channels.append(Channel(kind: kind, label: label, value: text, isPrimary: false))
      }
    }
    return Channel.value(channels)
  }

  /// Where other programs keep how far a customer has come, they call it status too.
  static let contactStatus = ImportColumns(
    [("status", OtherStatus())], of: "status", remark: "\(OtherStatus.stages.joined(separator: ", ")) count as active"
  ) { texts, _ in FieldValue(texts[0] ?? "") }
}

private struct OtherStatus: FieldKind {
  static let stages = ["lead", "prospect", "customer", "partner"]

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let status = text.lowercased()
    return try StatusField().parse(Self.stages.contains(status) ? "active" : status)
  }
}
