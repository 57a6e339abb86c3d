import Store

extension Migration {
  static let users = Migration(
    "2026-11-20-users",
    """
    CREATE TABLE users (
      id TEXT PRIMARY KEY,
      email TEXT NOT NULL CONSTRAINT email_present CHECK (email <> ''),
      email_key TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      username TEXT UNIQUE,
      password_hash TEXT,
      account_type TEXT NOT NULL DEFAULT 'person' CHECK (account_type IN ('person', 'organization')),
      organization_name TEXT NOT NULL DEFAULT '',
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive')),
      language TEXT NOT NULL DEFAULT '',
      time_zone TEXT NOT NULL DEFAULT 'UTC',
      theme TEXT NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
      created_at TEXT NOT NULL,
      confirmed_at TEXT,
      last_sign_in_at TEXT
    );
    CREATE TABLE user_roles (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'manager', 'factory', 'member')),
      PRIMARY KEY (user_id, role)
    ) WITHOUT ROWID;
    CREATE INDEX user_roles_by_role ON user_roles (role, user_id);
    CREATE TRIGGER last_owner_stays BEFORE DELETE ON user_roles
      WHEN old.role = 'owner' AND (SELECT count(*) FROM user_roles WHERE role = 'owner') = 1
      BEGIN SELECT RAISE(ABORT, 'the last owner stays'); END;
    CREATE TABLE sessions (
      token_hash TEXT PRIMARY KEY,
      form_key TEXT NOT NULL UNIQUE,
      id TEXT NOT NULL UNIQUE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      seen_at TEXT NOT NULL,
      expires_at TEXT NOT NULL,
      ended_at TEXT,
      address TEXT NOT NULL,
      agent TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX sessions_by_user ON sessions (user_id, seen_at);
    CREATE TABLE setup_links (
      token_hash TEXT PRIMARY KEY,
      created_at TEXT NOT NULL
    ) WITHOUT ROWID;
    """)

  /// Whether somebody, or the browser at the first sign-in, has chosen an account's time zone. UTC was what accounts had from the start.
  static let timeZones = Migration(
    "2026-11-30-time-zones",
    """
    ALTER TABLE users ADD COLUMN has_time_zone INTEGER NOT NULL DEFAULT 0 CHECK (has_time_zone IN (0, 1));
    UPDATE users SET has_time_zone = 1 WHERE time_zone <> 'UTC';
    """)

  /// Roles are records that hold their rights, and users are records. The five roles that were there keep what they may do: it follows from the program
  /// until somebody changes it.
  static let roles = Migration(
    "2026-12-01-roles",
    """
    CREATE TABLE roles (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'trashed')),
      status_before TEXT CHECK (status_before IN ('active', 'inactive')),
      description TEXT NOT NULL DEFAULT '',
      uses_crm INTEGER NOT NULL DEFAULT 0 CHECK (uses_crm IN (0, 1)),
      grants TEXT NOT NULL DEFAULT '',
      owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes)),
      avatar_id TEXT REFERENCES files (id) ON DELETE SET NULL,
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      external_id TEXT,
      version INTEGER NOT NULL DEFAULT 1,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      CONSTRAINT trash_remembers_status CHECK ((status = 'trashed') = (status_before IS NOT NULL))
    );
    CREATE UNIQUE INDEX roles_by_id ON roles (id);
    CREATE UNIQUE INDEX roles_by_external_id ON roles (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX roles_by_name ON roles (status, name_sort, seq);
    CREATE UNIQUE INDEX roles_one_name ON roles (lower(name)) WHERE true;
    CREATE INDEX roles_by_created ON roles (status, created_at, seq);
    CREATE INDEX roles_by_updated ON roles (status, updated_at, seq);
    CREATE INDEX roles_by_owner ON roles (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX roles_by_avatar ON roles (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE INDEX roles_by_creator ON roles (created_by) WHERE created_by IS NOT NULL;
    CREATE INDEX roles_not_active ON roles (seq, status) WHERE status <> 'active';
    CREATE VIRTUAL TABLE role_search USING fts5 (
      words, content = 'roles', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE VIRTUAL TABLE role_search_terms USING fts5vocab (role_search, instance);
    CREATE TRIGGER role_search_insert AFTER INSERT ON roles BEGIN
      INSERT INTO role_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER role_search_delete AFTER DELETE ON roles BEGIN
      INSERT INTO role_search (role_search, rowid, words) VALUES ('delete', old.seq, old.words);
    END;
    CREATE TRIGGER role_search_update AFTER UPDATE OF words ON roles WHEN old.words <> new.words BEGIN
      INSERT INTO role_search (role_search, rowid, words) VALUES ('delete', old.seq, old.words);
      INSERT INTO role_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER role_count_insert AFTER INSERT ON roles BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('roles', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER role_count_delete AFTER DELETE ON roles BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'roles' AND status = old.status;
    END;
    CREATE TRIGGER role_count_update AFTER UPDATE OF status ON roles WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'roles' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('roles', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    INSERT INTO records (id, type) SELECT id, 'role' FROM roles ORDER BY id;
    CREATE TRIGGER role_record_insert AFTER INSERT ON roles BEGIN
      INSERT INTO records (id, type) VALUES (new.id, 'role');
    END;
    CREATE TRIGGER role_record_delete AFTER DELETE ON roles BEGIN
      DELETE FROM records WHERE id = old.id;
    END;
    CREATE TRIGGER role_record_stays BEFORE UPDATE OF id ON roles WHEN old.id <> new.id
      BEGIN SELECT RAISE(ABORT, 'a record keeps its id'); END;
    INSERT INTO roles (id, name, name_sort, words, uses_crm, description, created_at, updated_at)
      SELECT '01939c00-0000-7000-8000-00000000000' || n, name, lower(name), lower(name), uses, description, at, at FROM (
        SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS at, value ->> 0 AS n, value ->> 1 AS name, value ->> 2 AS uses, value ->> 3 AS description
        FROM json_each('[
          [1, "Owner", 1, "Everything, and decides who is an owner"], [2, "Admin", 1, "Everything, settings included"],
          [3, "Manager", 1, "Works with all records"], [4, "Factory", 1, "Sees their own records"], [5, "Member", 0, "No access to the CRM"]
        ]'));
    CREATE TABLE users_now (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
      name_sort TEXT NOT NULL,
      words TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive', 'trashed')),
      status_before TEXT CHECK (status_before IN ('active', 'inactive')),
      email TEXT NOT NULL CONSTRAINT email_present CHECK (email <> ''),
      email_key TEXT NOT NULL UNIQUE,
      username TEXT NOT NULL DEFAULT '',
      account_type TEXT NOT NULL DEFAULT 'person' CHECK (account_type IN ('person', 'organization')),
      organization_name TEXT NOT NULL DEFAULT '',
      subscription_status TEXT NOT NULL DEFAULT '',
      source TEXT NOT NULL DEFAULT '',
      password_hash TEXT,
      language TEXT NOT NULL DEFAULT '',
      time_zone TEXT NOT NULL DEFAULT 'UTC',
      has_time_zone INTEGER NOT NULL DEFAULT 0 CHECK (has_time_zone IN (0, 1)),
      theme TEXT NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark')),
      confirmed_at TEXT,
      last_sign_in_at TEXT,
      owner_id TEXT REFERENCES users (id) ON DELETE SET NULL,
      notes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(notes)),
      avatar_id TEXT REFERENCES files (id) ON DELETE SET NULL,
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      external_id TEXT,
      version INTEGER NOT NULL DEFAULT 1,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      CONSTRAINT trash_remembers_status CHECK ((status = 'trashed') = (status_before IS NOT NULL))
    );
    INSERT INTO users_now (
      id, name, name_sort, words, status, email, email_key, username, account_type, organization_name, password_hash, language, time_zone,
      has_time_zone, theme, confirmed_at, last_sign_in_at, created_at, updated_at)
      SELECT id, CASE trim(name) WHEN '' THEN email ELSE substr(name, 1, 255) END, fold(name), '', status, email, email_key, coalesce(username, ''),
        account_type, organization_name, password_hash, language, time_zone, has_time_zone, theme, confirmed_at, last_sign_in_at, created_at,
        created_at
      FROM users ORDER BY rowid;
    DROP TABLE users;
    ALTER TABLE users_now RENAME TO users;
    CREATE UNIQUE INDEX users_by_id ON users (id);
    CREATE UNIQUE INDEX users_by_external_id ON users (external_id) WHERE external_id IS NOT NULL;
    CREATE INDEX users_by_name ON users (status, name_sort, seq);
    CREATE INDEX users_by_created ON users (status, created_at, seq);
    CREATE INDEX users_by_updated ON users (status, updated_at, seq);
    CREATE INDEX users_by_owner ON users (owner_id) WHERE owner_id IS NOT NULL;
    CREATE INDEX users_by_avatar ON users (avatar_id) WHERE avatar_id IS NOT NULL;
    CREATE INDEX users_by_creator ON users (created_by) WHERE created_by IS NOT NULL;
    CREATE INDEX users_not_active ON users (seq, status) WHERE status <> 'active';
    CREATE VIRTUAL TABLE user_search USING fts5 (
      words, content = 'users', content_rowid = 'seq', detail = none, prefix = '1 2 3 4 5', tokenize = 'ascii'
    );
    CREATE VIRTUAL TABLE user_search_terms USING fts5vocab (user_search, instance);
    CREATE TRIGGER user_search_insert AFTER INSERT ON users BEGIN
      INSERT INTO user_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER user_search_delete AFTER DELETE ON users BEGIN
      INSERT INTO user_search (user_search, rowid, words) VALUES ('delete', old.seq, old.words);
    END;
    CREATE TRIGGER user_search_update AFTER UPDATE OF words ON users WHEN old.words <> new.words BEGIN
      INSERT INTO user_search (user_search, rowid, words) VALUES ('delete', old.seq, old.words);
      INSERT INTO user_search (rowid, words) VALUES (new.seq, new.words);
    END;
    CREATE TRIGGER user_count_insert AFTER INSERT ON users BEGIN
      INSERT INTO record_counts (list, status, n) VALUES ('users', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    CREATE TRIGGER user_count_delete AFTER DELETE ON users BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'users' AND status = old.status;
    END;
    CREATE TRIGGER user_count_update AFTER UPDATE OF status ON users WHEN old.status <> new.status BEGIN
      UPDATE record_counts SET n = n - 1 WHERE list = 'users' AND status = old.status;
      INSERT INTO record_counts (list, status, n) VALUES ('users', new.status, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
    INSERT INTO records (id, type) SELECT id, 'user' FROM users ORDER BY id;
    CREATE TRIGGER user_record_insert AFTER INSERT ON users BEGIN
      INSERT INTO records (id, type) VALUES (new.id, 'user');
    END;
    CREATE TRIGGER user_record_delete AFTER DELETE ON users BEGIN
      DELETE FROM records WHERE id = old.id;
    END;
    CREATE TRIGGER user_record_stays BEFORE UPDATE OF id ON users WHEN old.id <> new.id
      BEGIN SELECT RAISE(ABORT, 'a record keeps its id'); END;
    INSERT INTO user_search (user_search) VALUES ('rebuild');
    INSERT INTO record_counts (list, status, n) SELECT 'users', status, count(*) FROM users GROUP BY status;
    CREATE TABLE user_roles_now (
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
      PRIMARY KEY (user_id, role_id)
    ) WITHOUT ROWID;
    INSERT INTO user_roles_now (user_id, role_id)
      SELECT user_id, '01939c00-0000-7000-8000-00000000000' || CASE role WHEN 'owner' THEN 1 WHEN 'admin' THEN 2 WHEN 'manager' THEN 3
        WHEN 'factory' THEN 4 ELSE 5 END FROM user_roles;
    DROP TABLE user_roles;
    ALTER TABLE user_roles_now RENAME TO user_roles;
    CREATE INDEX user_roles_by_role ON user_roles (role_id, user_id);
    CREATE TRIGGER last_owner_stays BEFORE DELETE ON user_roles
      WHEN old.role_id = '01939c00-0000-7000-8000-000000000001' AND NOT EXISTS (
        SELECT 1 FROM user_roles AS r JOIN users ON users.id = r.user_id
        WHERE r.role_id = old.role_id AND users.status = 'active' AND r.user_id <> old.user_id)
      BEGIN SELECT RAISE(ABORT, 'the last owner stays'); END;
    CREATE TRIGGER last_owner_stays_active BEFORE UPDATE OF status ON users
      WHEN old.status = 'active' AND new.status <> 'active'
        AND EXISTS (SELECT 1 FROM user_roles WHERE user_id = old.id AND role_id = '01939c00-0000-7000-8000-000000000001')
        AND NOT EXISTS (
          SELECT 1 FROM user_roles AS r JOIN users AS u ON u.id = r.user_id
          WHERE r.role_id = '01939c00-0000-7000-8000-000000000001' AND u.status = 'active' AND u.id <> old.id)
      BEGIN SELECT RAISE(ABORT, 'the last owner stays'); END;
    CREATE TABLE password_links (
      token_hash TEXT PRIMARY KEY,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'reset')),
      created_by TEXT REFERENCES users (id) ON DELETE SET NULL,
      created_at TEXT NOT NULL,
      expires_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX password_links_by_user ON password_links (user_id);
    """)

  static let viewAs = Migration(
    "2026-12-01-view-as",
    """
    ALTER TABLE sessions ADD COLUMN view_user TEXT REFERENCES users (id) ON DELETE SET NULL;
    ALTER TABLE sessions ADD COLUMN view_role TEXT REFERENCES roles (id) ON DELETE SET NULL;
    """)
}
