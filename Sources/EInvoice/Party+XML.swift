import XML

extension EInvoice.Party {
  func element(_ place: EInvoiceErrors.Place, namesVAT: Bool) -> XMLElement {
    let vatNumber = namesVAT ? vatID?.text : nil
    // A seller without VAT number is identified by another one (BR-CO-26).
    let registration = registrationNumber.written ?? (vatNumber == nil ? taxNumber.written ?? vatID?.text : nil)
    return XMLElement(
      "cac:Party",
      [
        electronicAddress.flatMap { address in
          address.address.written.map { XMLElement("cbc:EndpointID", $0, attributes: ["schemeID": address.scheme]) }
        }, .group("cac:PartyName", [.optional("cbc:Name", tradingName)]), address.element("cac:PostalAddress"),
        taxScheme(vatNumber, UBLWriter.vatScheme),
        place == .seller ? taxScheme(taxNumber.written, XMLElement("cac:TaxScheme", [XMLElement("cbc:ID", "TAX")])) : nil,
        XMLElement("cac:PartyLegalEntity", [.optional("cbc:RegistrationName", name), .optional("cbc:CompanyID", registration)]),
        .group(
          "cac:Contact",
          [
            .optional("cbc:Name", contact.name), .optional("cbc:Telephone", contact.phone), .optional("cbc:ElectronicMail", contact.email),
          ]),
      ])
  }

  private func taxScheme(_ number: String?, _ scheme: XMLElement) -> XMLElement? {
    number.map { XMLElement("cac:PartyTaxScheme", [XMLElement("cbc:CompanyID", $0), scheme]) }
  }
}

extension EInvoice.Address {
  func element(_ name: String) -> XMLElement {
    let lines = lines.compactMap(\.written)
    return XMLElement(
      name,
      [
        .optional("cbc:StreetName", lines.first), .optional("cbc:AdditionalStreetName", lines.dropFirst().first),
        .optional("cbc:CityName", city), .optional("cbc:PostalZone", postcode), .optional("cbc:CountrySubentity", region),
        // There is room for three lines.
        .group("cac:AddressLine", [.optional("cbc:Line", lines.dropFirst(2).joined(separator: ", "))]),
        XMLElement("cac:Country", [XMLElement("cbc:IdentificationCode", countryCode)]),
      ])
  }

  /// Kosovo has no code of ISO 3166; the standard calls it 1A.
  private var countryCode: String {
    let code = country.uppercased()
    return code == "XK" ? "1A" : code
  }
}
