import Admin

/// What a customer was billed, has paid, and still has to pay.
let statements = Feature(
  name: "statements",
  routes: StatementPage(type: { .contact }, customer: .contact).routes + StatementPage(type: { .company }, customer: .company).routes,
  pages: [StatementPage.template: StatementPage.shape, StatementPrint.template: StatementPrint.shape])
