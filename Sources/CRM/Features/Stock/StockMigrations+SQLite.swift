import Store

extension Migration {
  /// The ledger is only ever added to; who entered something and why can be removed, as they may be personal. The numbers of a product's movements keep two writers apart who have seen the same stock.
  static let stock = Migration(
    "2026-12-03-stock",
    """
    CREATE TABLE stock_movements (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      product_id TEXT NOT NULL REFERENCES products (id),
      position INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('received', 'removed', 'counted', 'undone', 'reserved', 'shipped', 'unshipped', 'returned')),
      on_hand INTEGER NOT NULL DEFAULT 0 CHECK (abs(on_hand) <= 2000000000000),
      reserved INTEGER NOT NULL DEFAULT 0 CHECK (abs(reserved) <= 2000000000000),
      reason TEXT NOT NULL DEFAULT '',
      line_id TEXT,
      source_id TEXT,
      at TEXT NOT NULL,
      actor_id TEXT,
      actor_name TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE UNIQUE INDEX stock_movements_by_id ON stock_movements (id);
    CREATE UNIQUE INDEX stock_movements_in_order ON stock_movements (product_id, position);
    CREATE UNIQUE INDEX stock_movements_once ON stock_movements (source_id, kind) WHERE source_id IS NOT NULL;
    CREATE INDEX stock_movements_sums ON stock_movements (product_id, on_hand, reserved);
    CREATE INDEX stock_movements_of_lines ON stock_movements (line_id, kind, on_hand, reserved) WHERE line_id IS NOT NULL;
    CREATE TRIGGER stock_movements_stay_as_they_are
      BEFORE UPDATE OF id, product_id, position, kind, on_hand, reserved, line_id, source_id, at ON stock_movements BEGIN
      SELECT RAISE(ABORT, 'stock movements are only ever added');
    END;
    CREATE TRIGGER stock_movements_stay BEFORE DELETE ON stock_movements BEGIN
      SELECT RAISE(ABORT, 'stock movements are only ever added');
    END;
    """)
}
