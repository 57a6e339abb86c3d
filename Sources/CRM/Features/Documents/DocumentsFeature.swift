import Admin

/// What quotes, orders and invoices share.
let documents = Feature(
  name: "documents",
  settingsTabs: [
    SettingsTab(
      id: "documents", label: "Documents", place: 30,
      sections: [
        SettingsSection(
          id: "numbers", title: "Numbers", hint: "Each series counts up by one and starts again each year.",
          settings: [.quoteNumbers, .orderNumbers, .invoiceNumbers, .creditNoteNumbers]),
        SettingsSection(id: "quotes", title: "Quotes and payment", settings: [.quoteValidity, .paymentDays, .quoteTerms]),
      ])
  ])
