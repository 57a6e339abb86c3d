package import Admin

/// The product: its features, one line each. Adding one is a folder and a line here.
package let crm = Composition([
  home, search, users, totp, account, draftRecovery, columns, records, contacts, companies, tasks, products, stock, vat, numbers, documents,
  quotes, orders, shipments, payments, invoices, statements, people, roles,
  memberships, interactions,
  tags,
  media, consents, personalData,
  comments,
  inbox,
  activity, live, security, settings, jobs, backups, api, webhooks, demo,
])
