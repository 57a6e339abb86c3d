import Store

extension Migration {
  /// Payments stay: one that was recorded by mistake is voided.
  static let payments = Migration(
    "2026-12-05-payments",
    """
    CREATE TABLE payments (
      id TEXT PRIMARY KEY,
      record_id TEXT NOT NULL REFERENCES records (id) ON DELETE CASCADE,
      date TEXT NOT NULL,
      amount INTEGER NOT NULL CHECK (amount <> 0),
      currency TEXT NOT NULL,
      method TEXT NOT NULL DEFAULT '',
      reference TEXT NOT NULL DEFAULT '',
      note TEXT NOT NULL DEFAULT '',
      voided_at TEXT,
      void_reason TEXT NOT NULL DEFAULT '',
      created_at TEXT NOT NULL,
      actor_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      actor_name TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX payments_of_record ON payments (record_id, date);
    CREATE INDEX payments_of_actor ON payments (actor_id) WHERE actor_id IS NOT NULL;
    """)

  /// Orders that came from files said what was paid without a payment. Each gets one, under the order's own id.
  static let importedPayments = Migration(
    "2026-12-10-imported-payments",
    """
    INSERT INTO payments (id, record_id, date, amount, currency, method, created_at, actor_name)
      SELECT id, id, iif(date <> '', date, substr(created_at, 1, 10)), paid, paid_currency, 'imported', created_at, ''
      FROM orders
      WHERE paid <> 0 AND NOT EXISTS (SELECT 1 FROM payments WHERE record_id = orders.id)
        AND NOT EXISTS (SELECT 1 FROM invoices JOIN payments ON payments.record_id = invoices.id WHERE invoices.order_id = orders.id);
    """)
}
