import Admin
import Base
import Glibc
import Store
import Templating
import Web

let personalData = Feature(
  name: "personal-data",
  migrations: [.personalArchives],
  routes: [
    .post(RecordType.contact.path + "/{id}/archive", .full(.contacts), keepsForms: false, PersonalDataHandlers.request),
    .get(RecordType.contact.path + "/{id}/archive/{archive}", .full(.contacts), effort: .write, PersonalDataHandlers.download),
  ],
  belongings: [Belonging("Exports of all data", in: "personal_archives", by: "contact_id")],
  actions: [
    ActionLabel(action: "contact.exported", label: "Requested all data", icon: "download"),
    ActionLabel(action: "contact.export_ready", label: "Prepared all data", icon: "download"),
    ActionLabel(action: "contact.export_downloaded", label: "Downloaded all data", icon: "download"),
  ],
  jobs: [PersonalArchive.job], chores: [PersonalArchive.chore])

/// Asking for the archive and downloading it; both are in the contact's history.
enum PersonalDataHandlers {
  @Sendable static func request(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: .contact)
    let outcome = try context.act { act -> Outcome in
      let user = try context.user
      let isWaiting = try PersonalArchive.all(of: header.id, for: user.id, now: act.now, in: act.db).contains(where: \.isInTheMaking)
      guard !isWaiting else { return .unchanged(header.id) }
      let id = try act.enqueue(
        PersonalArchive.job,
        .object(["contact": .string(header.id.text), "language": .string(context.language.tag), "zone": .string(user.timeZone)]),
        priority: .high)
      try act.db.run(
        "INSERT INTO personal_archives (id, contact_id, requested_by, created_at) VALUES (\(id), \(header.id), \(user.id), \(act.now))")
      return try act.done("contact.exported", header.id, on: header)
    }
    return context.redirect(
      to: header.href, outcome, Message("The archive is being prepared. It appears on this page."),
      orElse: Message("The archive is already being prepared."))
  }

  @Sendable static func download(_ context: RequestContext) throws -> Response {
    let header = try context.header(of: .contact)
    let id = context.parameters["archive"] ?? ""
    let lines = try context.store.read { db in
      try PersonalArchive.all(of: header.id, for: try context.user.id, now: context.now, in: db)
    }
    guard let line = lines.first(where: { $0.id.text == id }), let size = line.size else { throw HTTPError.notFound }
    let path = PersonalArchive.path(of: line.id, context.services)
    guard access(path, R_OK) == 0 else { throw HTTPError.notFound }
    // A browser may ask for the head first, and for the rest in pieces: that is one download.
    if context.request.method == .get, context.request.headers["Range"]?.hasPrefix("bytes=0-") != false {
      _ = try context.act { act -> Outcome in try act.done("contact.export_downloaded", header.id, on: header) }
    }
    return FileDownload(
      path: path, size: size, type: "application/zip", name: "\(PersonalData(name: header.name).fileName).zip", tag: "\"\(id)\"",
      isInline: false
    ).response(to: context.request)
  }
}

extension PersonalArchive {
  private static let lineSchema = ViewSchema(
    "personal-archive", [("href", .optional(.text)), ("size", .text), ("created", .text), ("until", .text), ("isFailed", .bool)])

  static let panel = RecordPanel(
    place: .afterDetails, template: "personal-data/panel",
    schema: ViewSchema("personal-data", [("href", .text), ("archives", .list(.record(lineSchema)))])
  ) { schema, record, context, db in
    guard context.may(.full, on: .contacts) else { return nil }
    let (href, formats) = (record.header.href + "/archive", context.formats)
    let lines = try all(of: record.id, for: try context.user.id, now: context.now, in: db)
    return ViewData(
      schema,
      [
        .text(href),
        .list(
          lines.map { line in
            .record(
              ViewData(
                lineSchema,
                [
                  line.size == nil ? .null : .text(href + "/" + line.id.text), .text(line.size.map(formats.size) ?? ""),
                  .text(formats.minute(line.createdAt.text)), .text(formats.day(line.createdAt.adding(seconds: daysKept * 86_400).text)),
                  .bool(line.size == nil && !line.isInTheMaking),
                ]))
          }),
      ])
  }
}
