extension EInvoice {
  /// How to pay (BG-16).
  package struct Payment: Sendable {
    package var means: Means
    /// BT-84, the account to pay to: an IBAN, or for a transfer outside of SEPA any number.
    package var account = ""
    /// BT-85
    package var accountName = ""
    /// BT-86
    package var bic = ""
    /// BT-83: what a payment is recognised by.
    package var reference = ""

    package init(_ means: Means, account: String = "", accountName: String = "", bic: String = "", reference: String = "") {
      (self.means, self.account, self.accountName, self.bic, self.reference) = (means, account, accountName, bic, reference)
    }

    /// BT-81, by UNTDID 4461.
    package enum Means: String, Sendable, CaseIterable {
      case undefined = "1"
      case cash = "10"
      case transfer = "30"
      case card = "48"
      case sepaTransfer = "58"

      var needsAccount: Bool { self == .transfer || self == .sepaTransfer }
    }
  }
}
