import Admin

/// What quotes, orders and invoices share.
let documents = Feature(
  name: "documents",
  migrations: [.documentFiles],
  routes: DocumentFiles.routes,
  pages: [
    "documents/customer": CustomerTab.shape, "documents/board": DocumentBoard.shape, "documents/total": DocumentTotalPage.shape,
    DocumentPrint.template: DocumentPrint.shape,
  ],
  tabs: [CustomerTab(customer: "contact").tab, CustomerTab(customer: "company").tab],
  settingsTabs: [
    SettingsTab(
      id: "documents", label: "Documents", place: 30,
      sections: [
        SettingsSection(
          id: "business", title: "Your business", hint: "Printed on quotes, order confirmations, delivery notes and invoices.",
          settings: Sender.settings),
        SettingsSection(
          id: "numbers", title: "Numbers", hint: "Each series starts again at 1 every year.",
          settings: [.quoteNumbers, .orderNumbers, .invoiceNumbers, .creditNoteNumbers]),
        SettingsSection(
          id: "quotes", title: "Quotes and payment", settings: [.quoteValidity, .paymentDays, .quoteTerms, .invoiceTerms]),
      ])
  ])
