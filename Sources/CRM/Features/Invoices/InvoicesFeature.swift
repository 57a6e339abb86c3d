import Admin

let invoices = Feature(
  name: "invoices",
  migrations: [.invoices, .invoiceParts],
  routes: InvoiceXML.routes + InvoiceActions.steps.routes
    + [
      DocumentPreview(type: { .invoice }, resource: .invoices, path: "/admin/crm/invoices").route,
      DocumentTotalPage(type: { .invoice }, resource: .invoices, path: "/admin/crm/invoices").route,
    ]
    + PaymentHandlers(type: { .invoice }, resource: .invoices, path: "/admin/crm/invoices").routes,
  menu: [MenuItem(label: "Invoices", path: "/admin/crm/invoices", icon: "receipt", resource: .invoices, keys: ["g", "v"])],
  records: [.invoice],
  tabs: [PaymentTab.tab(of: "invoice")],
  derivations: [.counts(of: "invoices"), .search("invoice_search"), DocumentFigures.derived(of: .invoice)],
  actions: InvoiceActions.labels + [
    ActionLabel(action: "invoice.paid", label: "Payment recorded", icon: "cash-coin"),
    ActionLabel(action: "invoice.refunded", label: "Refund recorded", icon: "cash-coin"),
    ActionLabel(action: "invoice.payment_status", label: "Payment status updated", icon: "cash-coin"),
    ActionLabel(action: "invoice.payment_voided", label: "Payment voided", icon: "x-circle"),
  ])

extension Resource {
  static let invoices = Resource("invoices", "Invoices", manager: .write)
}
