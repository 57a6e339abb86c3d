import Store

extension Migration {
  /// How many records of each status a list has, kept by triggers: counting a million rows for a page would cost a second.
  static let recordCounts = Migration(
    "2026-11-20-record-counts",
    """
    CREATE TABLE record_counts (
      list TEXT NOT NULL,
      status TEXT NOT NULL,
      n INTEGER NOT NULL,
      PRIMARY KEY (list, status)
    ) WITHOUT ROWID;
    """)

  /// For counting what a search finds without reading its rows. Most records are active and have no entry, so making one costs nothing more.
  static let notActive = Migration(
    "2026-11-26-not-active",
    """
    CREATE INDEX contacts_not_active ON contacts (seq, status) WHERE status <> 'active';
    CREATE INDEX companies_not_active ON companies (seq, status) WHERE status <> 'active';
    """)
}
