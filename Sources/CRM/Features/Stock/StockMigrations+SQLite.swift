import Admin
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

  /// What the movements of a product come to: they become so many that nobody wants to add them up for each line of a list.
  static let stockSums = Migration(
    "2026-12-07-stock-sums",
    """
    CREATE TABLE product_stock (
      product_id TEXT PRIMARY KEY REFERENCES products (id) ON DELETE CASCADE,
      on_hand INTEGER NOT NULL,
      reserved INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO product_stock (product_id, on_hand, reserved)
      SELECT product_id, sum(on_hand), sum(reserved) FROM stock_movements GROUP BY product_id;
    CREATE TRIGGER stock_movements_are_summed AFTER INSERT ON stock_movements BEGIN
      INSERT INTO product_stock (product_id, on_hand, reserved) VALUES (new.product_id, new.on_hand, new.reserved)
        ON CONFLICT DO UPDATE SET on_hand = on_hand + excluded.on_hand, reserved = reserved + excluded.reserved;
    END;
    DROP INDEX stock_movements_sums;
    """)
}

extension DerivedData {
  /// The stock of each product.
  static let productStock = DerivedData(
    name: "product_stock",
    mistakes: """
      SELECT count(*) FROM (SELECT product_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM stock_movements GROUP BY product_id) AS found
        FULL JOIN product_stock AS kept ON kept.product_id = found.product_id
        WHERE found.on_hand IS NOT kept.on_hand OR found.reserved IS NOT kept.reserved
      """,
    repair: """
      DELETE FROM product_stock;
      INSERT INTO product_stock (product_id, on_hand, reserved)
        SELECT product_id, sum(on_hand), sum(reserved) FROM stock_movements GROUP BY product_id;
      """)
}
