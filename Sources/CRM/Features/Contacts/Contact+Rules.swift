import Base

/// What makes a contact's details valid and whole, whoever enters them: the form, an import, the demo.
extension ContactDetails {
  static let mostChannels = 50

  /// Everything that is wrong, per form field.
  var problems: ValidationErrors {
    var problems = ValidationErrors()
    if name.isEmpty { problems.add("name", Message("Enter a name.")) }
    let texts = [
      ("name", name), ("job_title", jobTitle), ("street", address.street), ("postal_code", address.postalCode), ("city", address.city),
      ("region", address.region), ("source", source),
    ]
    for (field, text) in texts {
      if let problem = TextRules.problem(with: text, atMost: 255) { problems.add(field, problem) }
    }
    if !address.country.isEmpty, Country.name(of: address.country) == nil {
      problems.add("country", Message("There is no country with the code “{code}”.", ["code": String(address.country.prefix(10))]))
    }
    if !language.isEmpty, !LanguageTag.isWellFormed(language) {
      problems.add("language", Message("Enter a language tag, like en or el-GR."))
    }
    if channels.count > Self.mostChannels {
      problems.add("channels", Message("At most {n} ways to reach somebody.", ["n": String(Self.mostChannels)]))
    }
    for (index, channel) in channels.enumerated() {
      if let problem = channel.problem { problems.add("channel-\(index)", problem) }
    }
    for (index, item) in ownedItems.enumerated() {
      if let problem = item.problem { problems.add("item-\(index)", problem) }
    }
    return problems
  }

  /// Channels in their kept order: by kind, the primary one first; a kind without one gets its first.
  var orderedChannels: [Channel] {
    Channel.Kind.allCases.flatMap { kind -> [Channel] in
      let ofKind = channels.filter { $0.kind == kind }
      let primary = ofKind.firstIndex { $0.isPrimary } ?? 0
      return ofKind.enumerated().sorted { ($0.offset == primary ? -1 : $0.offset) < ($1.offset == primary ? -1 : $1.offset) }
        .enumerated().map { Channel(kind: kind, label: $1.element.label, value: $1.element.value, isPrimary: $0 == 0) }
    }
  }

  /// The folded words by which lists find this contact: name, addresses, numbers.
  var searchWords: String {
    var words = TextFolding.words(name)
    for channel in channels {
      switch channel.kind {
      case .phone, .whatsapp: words.append(TextFolding.digits(channel.value))
      case .email, .url: words += TextFolding.words(channel.value)
      }
    }
    words += TextFolding.words(jobTitle)
    return words.joined(separator: " ")
  }

  /// The contact as a person reads it, field by field: for the audit log and the conflict page.
  var texts: [FieldText] {
    [
      FieldText(field: "name", text: name), FieldText(field: "status", text: status),
      FieldText(field: "channels", text: orderedChannels.map(\.text).joined(separator: "\n")),
      FieldText(field: "job_title", text: jobTitle), FieldText(field: "street", text: address.street),
      FieldText(field: "postal_code", text: address.postalCode), FieldText(field: "city", text: address.city),
      FieldText(field: "region", text: address.region), FieldText(field: "country", text: address.country),
      FieldText(field: "language", text: language), FieldText(field: "source", text: source),
      FieldText(field: "consent", text: consent.sorted().joined(separator: ", ")),
      FieldText(field: "opted_out", text: isOptedOut ? "yes" : ""),
      FieldText(field: "owned_items", text: ownedItems.map(\.text).joined(separator: "\n")),
    ]
  }
}

extension Channel {
  var problem: Message? {
    if value.isEmpty { return Message("Enter an address or a number, or remove the row.") }
    if let problem = TextRules.problem(with: value, atMost: 255) ?? TextRules.problem(with: label, atMost: 60) { return problem }
    switch kind {
    case .email: return EmailAddress.isPlausible(value) ? nil : Message("Enter an e-mail address, like ann@example.com.")
    case .phone, .whatsapp:
      let digits = TextFolding.digits(value).utf8.count
      return (3...20).contains(digits) ? nil : Message("Enter a phone number, like +30 210 1234567.")
    case .url: return WebAddress.isPlausible(value) ? nil : Message("Enter a web address, like https://example.com.")
    }
  }

  var text: String { label.isEmpty ? "\(kind.rawValue): \(value)" : "\(kind.rawValue) (\(label)): \(value)" }
}

extension OwnedItem {
  var problem: Message? {
    if label.isEmpty { return Message("Say what it is, or remove the row.") }
    if let problem = TextRules.problem(with: label, atMost: 255) { return problem }
    if !(1...1_000_000).contains(quantity) { return Message("Enter a quantity of 1 or more.") }
    return serialNumbers.count > 1_000 || serialNumbers.contains { $0.unicodeScalars.count > 100 }
      ? Message("Serial numbers have at most 100 characters each.") : nil
  }

  var text: String {
    let count = quantity == 1 ? label : "\(quantity) × \(label)"
    return serialNumbers.isEmpty ? count : "\(count) (\(serialNumbers.joined(separator: ", ")))"
  }
}

/// Whether a text can be the address of a web page: http or https, or a bare host.
enum WebAddress {
  static func isPlausible(_ text: String) -> Bool {
    let lower = text.lowercased()
    if lower.contains(":"), !lower.hasPrefix("http://"), !lower.hasPrefix("https://") {
      // `example.com:8080` is a host with a port; `javascript:…` is not.
      guard let colon = lower.firstIndex(of: ":"), lower[lower.index(after: colon)...].prefix(while: { $0 != "/" }).allSatisfy(\.isNumber),
        lower[..<colon].contains(".")
      else { return false }
    }
    let host = lower.replacingPrefix("https://").replacingPrefix("http://").prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return host.contains(".") && !text.contains { $0.isWhitespace || $0 == "<" || $0 == ">" || $0 == "\"" }
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }
}
