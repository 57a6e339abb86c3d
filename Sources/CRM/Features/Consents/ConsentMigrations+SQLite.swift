import Store

extension Migration {
  /// The changes of consent, and the texts that were agreed to. Neither is ever changed; changes go with their contact. What contacts had agreed to
  /// before is the first change of each.
  static let consents = Migration(
    "2026-12-02-consents",
    """
    CREATE TABLE consent_texts (
      version INTEGER PRIMARY KEY,
      text TEXT NOT NULL,
      created_at TEXT NOT NULL,
      created_by TEXT NOT NULL DEFAULT ''
    ) STRICT;

    CREATE TABLE consent_changes (
      seq INTEGER PRIMARY KEY,
      contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
      channel TEXT NOT NULL,
      is_given INTEGER NOT NULL CHECK (is_given IN (0, 1)),
      at TEXT NOT NULL,
      actor_id TEXT,
      actor_name TEXT NOT NULL DEFAULT '',
      way TEXT NOT NULL DEFAULT '',
      file TEXT NOT NULL DEFAULT '',
      remark TEXT NOT NULL DEFAULT '',
      text_version INTEGER REFERENCES consent_texts (version)
    ) STRICT;
    CREATE INDEX consent_changes_by_contact ON consent_changes (contact_id, channel, seq);

    INSERT INTO consent_changes (contact_id, channel, is_given, at, way)
    SELECT id, channel, 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'earlier'
    FROM (SELECT 'email' AS channel UNION ALL SELECT 'phone' UNION ALL SELECT 'sms' UNION ALL SELECT 'whatsapp')
      JOIN contacts ON instr(',' || consent || ',', ',' || channel || ',') > 0;
    INSERT INTO consent_changes (contact_id, channel, is_given, at, way)
    SELECT id, 'all', 0, opted_out_at, 'earlier' FROM contacts WHERE opted_out_at IS NOT NULL;

    CREATE TRIGGER consent_texts_stay_as_they_are BEFORE UPDATE ON consent_texts BEGIN
      SELECT RAISE(ABORT, 'texts that were agreed to are never changed');
    END;
    CREATE TRIGGER consent_texts_stay BEFORE DELETE ON consent_texts BEGIN
      SELECT RAISE(ABORT, 'texts that were agreed to are never deleted');
    END;
    CREATE TRIGGER consent_changes_stay_as_they_are BEFORE UPDATE ON consent_changes BEGIN
      SELECT RAISE(ABORT, 'the history of consent is only ever added to');
    END;
    CREATE TRIGGER consent_changes_stay BEFORE DELETE ON consent_changes WHEN EXISTS (SELECT 1 FROM contacts WHERE id = old.contact_id) BEGIN
      SELECT RAISE(ABORT, 'the history of consent is only ever added to');
    END;
    """)
}
