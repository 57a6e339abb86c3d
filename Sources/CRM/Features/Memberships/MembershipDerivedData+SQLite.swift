import Admin

extension DerivedData {
  /// The company that a contact's row repeats from its primary membership.
  static let primaryCompanies = DerivedData(
    name: "the primary company in contacts",
    repair: """
      UPDATE contacts SET company_id = NULL, company_name = '', company_sort = '', company_words = '';
      UPDATE contacts SET company_id = companies.id, company_name = companies.name, company_sort = companies.name_sort,
        company_words = companies.name_words
        FROM memberships JOIN companies ON companies.id = memberships.company_id
        WHERE memberships.contact_id = contacts.id AND is_primary = 1;
      """,
    pieces: Pieces(
      wrong: """
        SELECT contacts.seq FROM contacts LEFT JOIN memberships ON contact_id = contacts.id AND is_primary = 1
          LEFT JOIN companies ON companies.id = memberships.company_id
          WHERE contacts.company_id IS NOT companies.id OR company_name <> coalesce(companies.name, '')
            OR company_sort <> coalesce(companies.name_sort, '') OR company_words <> coalesce(companies.name_words, '')
        """,
      repair: """
        UPDATE contacts SET company_id = found.id, company_name = coalesce(found.name, ''), company_sort = coalesce(found.name_sort, ''),
          company_words = coalesce(found.name_words, '')
          FROM (
            SELECT c.seq, companies.id, companies.name, companies.name_sort, companies.name_words
            FROM wrong CROSS JOIN contacts AS c ON c.seq = wrong.seq LEFT JOIN memberships ON contact_id = c.id AND is_primary = 1
              LEFT JOIN companies ON companies.id = memberships.company_id
          ) AS found
          WHERE contacts.seq = found.seq
        """), repeatsNames: true)

  /// How many contacts outside the trash a company has. Few are in the trash: all are counted, and those are taken off.
  static let liveContacts = DerivedData(
    name: "live_contacts in companies",
    repair: """
      WITH trashed AS (
        SELECT company_id AS id, count(*) AS n FROM memberships
          WHERE contact_id IN (SELECT id FROM contacts WHERE status = 'trashed') GROUP BY 1
      )
      UPDATE companies SET live_contacts = found.n FROM (
          SELECT seq, (SELECT count(*) FROM memberships WHERE company_id = c.id)
            - coalesce((SELECT n FROM trashed WHERE trashed.id = c.id), 0) AS n FROM companies AS c
        ) AS found
        WHERE companies.seq = found.seq AND live_contacts <> found.n;
      """,
    pieces: Pieces(
      wrong: """
        SELECT companies.seq FROM companies LEFT JOIN (
            SELECT memberships.company_id AS id, count(*) AS n FROM memberships JOIN contacts ON contacts.id = contact_id
              WHERE contacts.status <> 'trashed' GROUP BY 1
          ) AS found ON found.id = companies.id
          WHERE live_contacts <> coalesce(found.n, 0)
        """,
      repair: """
        UPDATE companies SET live_contacts = (
            SELECT count(*) FROM memberships JOIN contacts ON contacts.id = contact_id
              WHERE memberships.company_id = companies.id AND contacts.status <> 'trashed'
          ) WHERE seq IN (SELECT seq FROM wrong)
        """))
}
