import Store

extension Migration {
  /// The PDFs of issued invoices, which never change.
  static let documentFiles = Migration(
    "2026-12-06-document-files",
    """
    CREATE TABLE document_files (
      record_id TEXT PRIMARY KEY REFERENCES records (id) ON DELETE CASCADE,
      sha256 TEXT NOT NULL,
      bytes BLOB NOT NULL,
      created_at TEXT NOT NULL
    );
    CREATE TRIGGER document_files_stay BEFORE UPDATE ON document_files BEGIN
      SELECT raise(ABORT, 'the file of an issued document never changes');
    END;
    """)
}
