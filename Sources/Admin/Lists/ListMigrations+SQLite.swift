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
}
