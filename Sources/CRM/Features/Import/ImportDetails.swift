import Base
import Store

/// What a form or an import says of a contact.
struct ContactDetails: Sendable, Equatable {
  var name = ""
  var status = "active"
  var channels: [Channel] = []
  var jobTitle = ""
  var address = Address()
  /// BCP 47.
  var language = ""
  var source = ""
  /// A user's id, or empty.
  var ownerID = ""
  /// Channel types over which the person agreed to be written to.
  var consent: Set<String> = []
  var isOptedOut = false
  var ownedItems: [OwnedItem] = []
}

/// Where a person or a company is.
struct Address: Sendable, Equatable {
  var street = ""
  var postalCode = ""
  var city = ""
  var region = ""
  /// ISO 3166-1 alpha-2, or empty.
  var country = ""

  var isEmpty: Bool { self == Address() }
}

/// What makes a contact's details valid and whole, whoever enters them: the form, an import, the demo.
extension ContactDetails {
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
    if channels.count > Channel.most {
      problems.add("channels", Message("At most {n} ways to reach somebody.", ["n": String(Channel.most)]))
    }
    for (index, channel) in channels.enumerated() {
      if let problem = channel.problem { problems.add("channel-\(index)", problem) }
    }
    for (index, item) in ownedItems.enumerated() {
      if let problem = item.problem { problems.add("item-\(index)", problem) }
    }
    return problems
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

  var channelsJSON: String { channels.isEmpty ? "{}" : Channel.value(channels).text }
}

/// What a form or an import says of a company.
struct CompanyDetails: Sendable, Equatable {
  var name = ""
  var status = "active"
  var domain = ""
  var website = ""
  var industry = ""
  var address = Address()
  var phone = ""
  var email = ""
  var description = ""
  var roles: Set<String> = []
  var ownerID = ""

  /// What a company can be to us.
  static let allRoles = [("customer", "Customer"), ("supplier", "Supplier"), ("manufacturer", "Manufacturer"), ("partner", "Partner")]

  init(name: String = "") { self.name = name }
}

/// What makes a company's details valid, whoever enters them.
extension CompanyDetails {
  var problems: ValidationErrors {
    var problems = ValidationErrors()
    if name.isEmpty { problems.add("name", Message("Enter a name.")) }
    let texts = [
      ("name", name), ("domain", domain), ("website", website), ("industry", industry), ("street", address.street),
      ("postal_code", address.postalCode), ("city", address.city), ("region", address.region), ("phone", phone), ("email", email),
    ]
    for (field, text) in texts {
      if let problem = TextRules.problem(with: text, atMost: 255) { problems.add(field, problem) }
    }
    if let problem = TextRules.problem(with: description, atMost: 20_000, allowsBreaks: true) { problems.add("description", problem) }
    if !address.country.isEmpty, Country.name(of: address.country) == nil {
      problems.add("country", Message("There is no country with the code “{code}”.", ["code": String(address.country.prefix(10))]))
    }
    if !email.isEmpty, !EmailAddress.isPlausible(email) {
      problems.add("email", Message("Enter an e-mail address, like ann@example.com."))
    }
    if !website.isEmpty, !WebAddress.isPlausible(website) {
      problems.add("website", Message("Enter a web address, like https://example.com."))
    }
    if !phone.isEmpty, !(3...20).contains(TextFolding.digits(phone).utf8.count) {
      problems.add("phone", Message("Enter a phone number, like +30 210 1234567."))
    }
    return problems
  }

  /// The folded words by which the list finds this company.
  var searchWords: String {
    var words = TextFolding.words(name) + TextFolding.words(domain) + TextFolding.words(website) + TextFolding.words(email)
    words.append(TextFolding.digits(phone))
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }

  var nameWords: String { TextFolding.words(name).joined(separator: " ") }
}
