import Admin
import Base

/// Who sends documents: the office, as its settings say.
struct Sender: Sendable {
  static let settings: [Setting] = [
    .businessName, .businessAddress, .businessPostcode, .businessCity, .businessCountry, .businessVAT, .businessTaxOffice, .businessEmail,
    .businessPhone, .businessWebsite, .businessIBAN, .businessBIC,
  ]

  let json: JSON

  init(_ settings: Settings) {
    json = .object(
      Self.settings.compactMap { setting -> JSON.Member? in
        let text = settings[setting].text
        if text.isEmpty { return nil }
        return JSON.Member(
          name: Self.member(setting),
          value: .string(
            setting.name == Setting.businessVAT.name ? VATNumberField.written(text, country: settings[.businessCountry].text) : text))
      })
  }

  /// As it was frozen in a document.
  init?(_ value: FieldValue) {
    guard !value.isEmpty, let json = try? JSON(parsing: value.text) else { return nil }
    self.json = json
  }

  var value: FieldValue { .text(json.text) }

  private static func member(_ setting: Setting) -> String { String(setting.name.dropFirst("business_".count)) }

  /// What a setting said.
  subscript(_ setting: Setting) -> String { json[Self.member(setting)]?.string ?? "" }
}

extension Setting {
  private static func business(
    _ name: String, _ label: String, _ kind: some FieldKind = LineField(), hint: String = "", size: Field.Size = .half
  )
    -> Setting
  {
    Setting(Field("business_" + name, label, kind, hint: hint, size: size))
  }

  static let businessName = business("name", "Name of the business", hint: "As on letters and invoices.")
  static let businessAddress = business("address", "Street")
  static let businessPostcode = business("postal_code", "Postal code", size: .third)
  static let businessCity = business("city", "City", size: .twoThirds)
  static let businessCountry = business("country", "Country", CountryField())
  static let businessVAT = business("vat_number", "VAT number", VATNumberField(), hint: "With its country, like EL123456783.")
  static let businessTaxOffice = business("tax_office", "Tax office")
  static let businessEmail = business("email", "E-mail", EmailField())
  static let businessPhone = business("phone", "Phone")
  static let businessWebsite = business("website", "Website", WebField())
  static let businessIBAN = business("iban", "IBAN", IBANField(), hint: "Where customers transfer the money.")
  static let businessBIC = business("bic", "BIC")
}
