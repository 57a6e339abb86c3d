import Store

extension Migration {
  static let webhooks = Migration("2026-12-02-webhooks", "SELECT 1")
}
