import Admin

let payments = Feature(
  name: "payments",
  migrations: [.payments, .importedPayments],
  routes: PaymentHandlers(type: { .order }, resource: .orders, path: "/admin/crm/orders").routes,
  pages: ["payments/payments": PaymentTab.shape],
  tabs: [PaymentTab.tab(of: "order")],
  actions: [
    ActionLabel(action: "order.paid", label: "Payment recorded", icon: "cash-coin"),
    ActionLabel(action: "order.refunded", label: "Refund recorded", icon: "cash-coin"),
    ActionLabel(action: "order.payment_status", label: "Payment status updated", icon: "cash-coin"),
    ActionLabel(action: "order.payment_voided", label: "Payment voided", icon: "x-circle"),
  ])
