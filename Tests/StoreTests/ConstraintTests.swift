import Store
import Testing

struct ConstraintTests {
  private func makeStore() throws -> Store {
    let store = try Store.temporary()
    try store.migrate([
      Migration(
        "1",
        """
        CREATE TABLE users (
          id TEXT PRIMARY KEY, email TEXT NOT NULL, age INTEGER CONSTRAINT age_is_sane CHECK (age >= 0), kind TEXT CHECK (kind <> 'bad'),
          phone TEXT UNIQUE
        );
        CREATE TABLE posts (user TEXT NOT NULL REFERENCES users (id), slug TEXT NOT NULL, lang TEXT NOT NULL, UNIQUE (slug, lang));
        CREATE UNIQUE INDEX users_email_folded ON users (lower(email));
        CREATE TRIGGER no_root BEFORE INSERT ON users WHEN new.id = 'root' BEGIN SELECT RAISE(ABORT, 'root is reserved'); END;
        INSERT INTO users VALUES ('1', 'a@b.gr', 1, NULL, '210');
        INSERT INTO posts VALUES ('1', 'hello', 'el');
        """)
    ])
    return store
  }

  @Test(arguments: [
    ("INSERT INTO users VALUES ('1', 'x', 1, NULL, NULL)", Constraint.unique(["users.id"])),
    ("INSERT INTO users (id, email, phone) VALUES ('2', 'x', '210')", .unique(["users.phone"])),
    ("INSERT INTO users VALUES ('2', 'A@B.GR', 1, NULL, NULL)", .unique(["users_email_folded"])),
    ("INSERT INTO posts VALUES ('1', 'hello', 'el')", .unique(["posts.slug", "posts.lang"])),
    ("INSERT INTO users VALUES ('2', 'x', -1, NULL, NULL)", .check("age_is_sane")),
    ("INSERT INTO users VALUES ('2', 'x', 1, 'bad', NULL)", .check("kind <> 'bad'")),
    ("INSERT INTO users VALUES ('2', NULL, 1, NULL, NULL)", .notNull("users.email")),
    ("INSERT INTO posts VALUES ('nobody', 'x', 'el')", .foreignKey), ("DELETE FROM users", .foreignKey),
    ("INSERT INTO users VALUES ('root', 'x', 1, NULL, NULL)", .raised("root is reserved")),
  ])
  func `the violation is named`(sql: String, expected: Constraint) throws {
    let error = #expect(throws: StoreError.self) { try makeStore().write { try $0.run(SQL(raw: sql)) } }
    #expect(error?.constraint == expected)
    #expect(error?.code == 19)
  }

  @Test func `other errors don't name a constraint`() throws {
    let error = #expect(throws: StoreError.self) { try makeStore().write { try $0.run("SELECT * FROM nowhere") } }
    #expect(error != nil && error?.constraint == nil)
  }
}
