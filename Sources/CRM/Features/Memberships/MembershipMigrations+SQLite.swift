import Admin
import Store

extension Migration {
  /// The triggers mirror a contact's primary company into its row and count a company's live contacts, for every writer.
  static let memberships = Migration(
    "2026-11-20-memberships",
    """
    CREATE TABLE memberships (
      id TEXT NOT NULL,
      contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
      company_id TEXT NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
      role TEXT NOT NULL DEFAULT '',
      department TEXT NOT NULL DEFAULT '',
      is_primary INTEGER NOT NULL DEFAULT 0 CHECK (is_primary IN (0, 1)),
      created_at TEXT NOT NULL
    );
    CREATE UNIQUE INDEX memberships_by_id ON memberships (id);
    CREATE UNIQUE INDEX one_membership_per_company ON memberships (contact_id, company_id);
    CREATE UNIQUE INDEX one_primary_membership ON memberships (contact_id) WHERE is_primary = 1;
    CREATE INDEX memberships_by_company ON memberships (company_id, contact_id);

    CREATE TRIGGER membership_insert AFTER INSERT ON memberships BEGIN
      UPDATE contacts SET (company_id, company_name, company_sort, company_words) =
        (SELECT id, name, name_sort, name_words FROM companies WHERE id = new.company_id)
        WHERE new.is_primary AND id = new.contact_id AND company_id IS NOT new.company_id;
      UPDATE companies SET live_contacts = live_contacts + 1
        WHERE id = new.company_id AND (SELECT status <> 'trashed' FROM contacts WHERE id = new.contact_id);
    END;
    CREATE TRIGGER membership_delete BEFORE DELETE ON memberships BEGIN
      UPDATE contacts SET company_id = NULL, company_name = '', company_sort = '', company_words = ''
        WHERE old.is_primary AND id = old.contact_id AND company_id IS old.company_id;
      UPDATE companies SET live_contacts = live_contacts - 1
        WHERE id = old.company_id AND (SELECT status <> 'trashed' FROM contacts WHERE id = old.contact_id);
    END;
    CREATE TRIGGER membership_primary AFTER UPDATE OF is_primary ON memberships WHEN old.is_primary <> new.is_primary BEGIN
      UPDATE contacts SET company_id = NULL, company_name = '', company_sort = '', company_words = ''
        WHERE NOT new.is_primary AND id = new.contact_id AND company_id IS new.company_id;
      UPDATE contacts SET (company_id, company_name, company_sort, company_words) =
        (SELECT id, name, name_sort, name_words FROM companies WHERE id = new.company_id)
        WHERE new.is_primary AND id = new.contact_id;
    END;
    CREATE TRIGGER membership_stays BEFORE UPDATE OF contact_id, company_id ON memberships
      WHEN old.contact_id <> new.contact_id OR old.company_id <> new.company_id
      BEGIN SELECT RAISE(ABORT, 'a membership does not change its ends'); END;
    CREATE TRIGGER company_renamed AFTER UPDATE OF name ON companies WHEN old.name <> new.name BEGIN
      UPDATE contacts SET company_name = new.name, company_sort = new.name_sort, company_words = new.name_words
        WHERE id IN (SELECT contact_id FROM memberships WHERE company_id = new.id AND is_primary = 1);
    END;
    CREATE TRIGGER contact_lives AFTER UPDATE OF status ON contacts WHEN (old.status = 'trashed') <> (new.status = 'trashed') BEGIN
      UPDATE companies SET live_contacts = live_contacts + iif(new.status = 'trashed', -1, 1)
        WHERE id IN (SELECT company_id FROM memberships WHERE contact_id = new.id);
    END;
    CREATE TRIGGER contact_leaves BEFORE DELETE ON contacts BEGIN
      DELETE FROM memberships WHERE contact_id = old.id;
    END;
    CREATE TRIGGER company_leaves BEFORE DELETE ON companies BEGIN
      DELETE FROM memberships WHERE company_id = old.id;
    END;
    """)
}
