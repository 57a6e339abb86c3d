extension EInvoice {
  /// Who sells or buys (BG-4, BG-7).
  package struct Party: Sendable {
    /// BT-27, BT-44: the name by law.
    package var name: String
    /// BT-28, BT-45: the name that people know, where it is another.
    package var tradingName = ""
    /// BT-31, BT-48. Without prefix it gets that of the country.
    package var vatNumber = ""
    /// BT-32: the seller's number at the local tax office.
    package var taxNumber = ""
    /// BT-30, BT-47: the number in a register of companies.
    package var registrationNumber = ""
    package var address: Address
    package var contact = Contact()
    /// BT-34, BT-49
    package var electronicAddress: ElectronicAddress?

    package init(_ name: String, vatNumber: String = "", address: Address) {
      (self.name, self.vatNumber, self.address) = (name, vatNumber, address)
    }
  }

  /// BG-5, BG-8, BG-15
  package struct Address: Sendable {
    /// Streets and whatever else there is, one below the other.
    package var lines: [String] = []
    package var city = ""
    package var postcode = ""
    package var region = ""
    /// A code of ISO 3166-1.
    package var country: String

    package init(_ lines: [String] = [], city: String = "", postcode: String = "", region: String = "", country: String) {
      (self.lines, self.city, self.postcode, self.region, self.country) = (lines, city, postcode, region, country)
    }
  }

  /// BG-6, BG-9
  package struct Contact: Sendable {
    package var name = ""
    package var phone = ""
    package var email = ""

    package init(name: String = "", phone: String = "", email: String = "") { (self.name, self.phone, self.email) = (name, phone, email) }
  }

  /// Where electronic documents are sent to: an address and a scheme of the list EAS, such as 9933 for Greek tax numbers or EM for e-mail.
  package struct ElectronicAddress: Sendable {
    package var scheme: String
    package var address: String

    package init(_ address: String, scheme: String) { (self.address, self.scheme) = (address, scheme) }
  }
}
