import Store

extension Migration {
  static let shipments = Migration(
    "2026-12-05-shipments",
    """
    CREATE TABLE shipments (
      id TEXT PRIMARY KEY,
      order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('packed', 'shipped', 'delivered', 'cancelled')),
      method TEXT NOT NULL DEFAULT '',
      carrier TEXT NOT NULL DEFAULT '',
      tracking TEXT NOT NULL DEFAULT '',
      destination TEXT NOT NULL DEFAULT '',
      shipped_on TEXT NOT NULL DEFAULT '',
      delivered_on TEXT NOT NULL DEFAULT '',
      created_at TEXT NOT NULL,
      actor_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      actor_name TEXT NOT NULL,
      UNIQUE (order_id, position)
    ) WITHOUT ROWID;
    CREATE INDEX shipments_of_actor ON shipments (actor_id) WHERE actor_id IS NOT NULL;
    CREATE TABLE shipment_lines (
      id TEXT PRIMARY KEY,
      shipment_id TEXT NOT NULL REFERENCES shipments (id) ON DELETE CASCADE,
      line_id TEXT NOT NULL,
      quantity INTEGER NOT NULL CHECK (quantity > 0)
    ) WITHOUT ROWID;
    CREATE INDEX shipment_lines_of_shipment ON shipment_lines (shipment_id);
    """)
}
