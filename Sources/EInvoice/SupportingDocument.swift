extension EInvoice {
  /// A document that belongs to an invoice (BG-24).
  package struct SupportingDocument: Sendable {
    /// BT-122
    package var id: String
    /// BT-123
    package var description = ""
    /// BT-124
    package var url = ""

    package init(_ id: String, description: String = "", url: String = "") {
      (self.id, self.description, self.url) = (id, description, url)
    }

    /// The number that the Greek tax office gives an invoice, written as Peppol's rules for Greece want it (GR-R-004).
    package static func greekMark(_ mark: String) -> SupportingDocument { SupportingDocument(mark, description: "##M.AR.K##") }

    /// Where a Greek invoice can be verified (GR-R-008).
    package static func greekAddress(_ url: String, of number: String) -> SupportingDocument {
      SupportingDocument(number, description: "##INVOICE|URL##", url: url)
    }
  }
}
