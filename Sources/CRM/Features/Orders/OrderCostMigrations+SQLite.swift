import Store

extension Migration {
  /// What one unit of each line cost when the order was confirmed: NULL where that wasn't known.
  static let orderCosts = Migration(
    "2026-12-09-order-costs",
    """
    CREATE TABLE order_costs (
      order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
      line_id TEXT NOT NULL,
      product_id TEXT NOT NULL,
      minor INTEGER,
      currency TEXT NOT NULL DEFAULT '' CHECK ((minor IS NULL) = (currency = '')),
      PRIMARY KEY (order_id, line_id)
    ) WITHOUT ROWID;
    """)
}
