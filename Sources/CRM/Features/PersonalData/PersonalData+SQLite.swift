import Admin
import Base
import Store
import Templating

extension PersonalData {
  /// Of a contact, whether it is in the trash or not; `nil` if there is none.
  init?(of contact: RecordID, _ services: Services, in db: Database) throws {
    let (type, composition) = (RecordType.contact, services.composition)
    guard let record = try RecordStore.find(contact, of: type, .all, in: db) else { return nil }
    name = record.name
    let values = zip(type.fields, record.values).filter { !$1.isEmpty }
    sections.append(
      Section(
        name: "contact", title: "Contact",
        columns: [
          Column(word: "field", "Field") { name in type.fields.first { $0.name == name }?.label ?? name },
          Column(name: "value", label: "Value") { text, row, formats in
            guard let kind = type.fields.first(where: { $0.name == row[0] })?.kind, let value = try? kind.parse(text) else { return text }
            return kind.display(kind.history(value), formats)
          },
        ], rows: values.map { field, value in [field.name, field.kind.text(value)] }))
    sections.append(
      Section(
        name: "notes", title: "Notes",
        columns: [Column(moment: "at", "When"), Column(name: "by", label: "User"), Column(name: "text", label: "Note")],
        rows: record.notes.map { [$0.at, $0.by, $0.text] }))

    func add(_ name: String, _ title: String, _ columns: [Column], _ query: SQL) throws {
      let rows = try db.all(query) { row in columns.indices.map { row.textOrNil($0) ?? "" } }
      sections.append(Section(name: name, title: title, columns: columns, rows: rows))
    }
    try add(
      "memberships", "Companies",
      [
        Column(name: "company", label: "Company"), Column(name: "role", label: "Role"), Column(name: "department", label: "Department"),
        Column(word: "is_primary", "Main company", { $0 == "1" ? "Yes" : "No" }), Column(moment: "created_at", "Created"),
      ],
      """
      SELECT c.name, m.role, m.department, CAST(m.is_primary AS TEXT), m.created_at FROM memberships m JOIN companies c ON c.id = m.company_id
      WHERE m.contact_id = \(contact) ORDER BY m.created_at
      """)
    try add(
      "interactions", "Interactions",
      [
        Column(moment: "occurred_at", "When"), Column(word: "type", "Type", { Interaction.type($0).label }),
        Column(word: "direction", "Direction", Interaction.direction), Column(name: "subject", label: "Subject"),
        Column(name: "body", label: "Notes"), Column(name: "outcome", label: "Outcome"), Column(name: "minutes", label: "Duration (min)"),
        Column(name: "participants", label: "Participants"), Column(name: "logged_by", label: "User"),
        Column(moment: "deleted_at", "Deleted"),
      ],
      """
      SELECT i.occurred_at, i.type, i.direction, i.subject, i.body, i.outcome, CAST(i.minutes AS TEXT),
        (SELECT group_concat(p.name, ', ') FROM interaction_parties p WHERE p.interaction = i.seq), u.name, i.deleted_at
      FROM interactions i LEFT JOIN users u ON u.id = i.logged_by
      WHERE i.record_id = \(contact) OR i.seq IN (SELECT interaction FROM interaction_parties WHERE record_id = \(contact))
      ORDER BY i.occurred_at, i.seq
      """)
    try add(
      "comments", "Comments",
      [
        Column(moment: "created_at", "When"), Column(name: "author", label: "User"), Column(name: "text", label: "Comment"),
        Column(moment: "deleted_at", "Deleted"),
      ], "SELECT created_at, author_name, body, deleted_at FROM comments WHERE record_id = \(contact) ORDER BY seq")
    try add(
      "tasks", "Tasks",
      [
        Column(name: "title", label: "Title"), Column(name: "status", label: "Status") { $2.status($0) },
        Column(name: "due_on", label: "Due on") { $2.date($0) }, Column(name: "description", label: "Description"),
      ],
      """
      SELECT t.name, t.status, t.due_on, t.description FROM tasks t JOIN task_records r ON r.task_id = t.id
      WHERE r.record_id = \(contact) ORDER BY t.seq
      """)
    sections.append(
      Section(
        name: "consents", title: "Consent history",
        columns: [
          Column(moment: "at", "When"), Column(word: "channel", "Channel", { id in Consent.channels.first { $0.0 == id }?.1 ?? "All" }),
          Column(word: "given", "Given", { $0 == "1" ? "Yes" : "No" }),
          Column(word: "how", "How", { id in Consent.ways.first { $0.0 == id }?.1 ?? id }),
          Column(name: "file", label: "File"), Column(name: "note", label: "Note"), Column(name: "text", label: "Text agreed to"),
          Column(name: "by", label: "User"),
        ],
        rows: try Consent.changes(of: contact, in: db).map {
          [$0.at, $0.channel, $0.isGiven ? "1" : "0", $0.way, $0.file, $0.remark, $0.text?.text ?? "", $0.actorName]
        }))
    try add(
      "account", "Account",
      [
        Column(name: "name", label: "Name"), Column(name: "email", label: "E-mail"),
        Column(name: "language", label: "Language") {
          $2.languageName($0)
        }, Column(name: "time_zone", label: "Time zone"), Column(moment: "created_at", "Created"),
      ],
      """
      SELECT u.name, u.email, u.language, u.time_zone, u.created_at FROM users u JOIN contacts c ON c.user_id = u.id WHERE c.id = \(contact)
      """)
    let files = try FileStore.held(by: contact, in: db)
    sections.append(
      Section(
        name: "files", title: "Files",
        columns: [
          Column(name: "name", label: "Name"), Column(name: "bytes", label: "Size") { Int($0).map($2.size) ?? $0 },
          Column(name: "uploaded_by", label: "User"), Column(moment: "created_at", "When"),
        ], rows: files.map { [$0.name, String($0.size), $0.uploadedBy, $0.createdAt] }))
    // Two files may have one name.
    attachments = files.enumerated().map { index, file in
      Attachment(name: "files/\(index + 1) \(file.name)", path: services.media.path(of: file))
    }
    try add(
      "activity", "Activity",
      [
        Column(moment: "at", "When"), Column(name: "by", label: "User"),
        Column(word: "action", "Action", { composition.actions[$0].label }),
        Column(name: "changes", label: "Details") { text, _, formats in
          let changes = (try? JSON(parsing: text))?.array ?? []
          return changes.map { change in
            let name = change["field"]?.string ?? ""
            let label = type.fields.first { $0.name == name }?.label ?? composition.details[name]?.label ?? name
            return "\(formats.language.text(label)): \(change["before"]?.string ?? "") → \(change["after"]?.string ?? "")"
          }.joined(separator: "\n")
        },
      ],
      """
      SELECT at, actor_name, action, iif(changes = '[]', '', changes) FROM activity
      WHERE record_type = \(type.name) AND record_id = \(contact) ORDER BY seq
      """)
    sections.removeAll { $0.rows.isEmpty }
  }
}
