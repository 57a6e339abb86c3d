import Base

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

  /// The company as a person reads it, field by field.
  var texts: [FieldText] {
    [
      FieldText(field: "name", text: name), FieldText(field: "status", text: status), FieldText(field: "domain", text: domain),
      FieldText(field: "website", text: website), FieldText(field: "industry", text: industry),
      FieldText(field: "street", text: address.street), FieldText(field: "postal_code", text: address.postalCode),
      FieldText(field: "city", text: address.city), FieldText(field: "region", text: address.region),
      FieldText(field: "country", text: address.country), FieldText(field: "phone", text: phone), FieldText(field: "email", text: email),
      FieldText(field: "description", text: description),
      FieldText(field: "roles", text: rolesText.split(separator: ",").joined(separator: ", ")),
    ]
  }

  /// The roles in their fixed order, as they are stored.
  var rolesText: String { Self.allRoles.map(\.0).filter(roles.contains).joined(separator: ",") }
}
