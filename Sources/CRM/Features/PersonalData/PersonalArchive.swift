import Admin
import Base
import Foundation
import Store
import Templating
import Zip

/// An archive of everything held about a person: a page for people, JSON and CSV for programs, and the files. It is made by a job, and kept for some
/// days for the user who asked. Its row decides: a file without one is removed, so what is erased takes its archives along.
enum PersonalArchive {
  static let daysKept = 7

  struct Line {
    let id: RecordID
    let createdAt: Timestamp
    /// `nil` as long as it isn't there.
    let size: Int?
    /// Whether a job makes it, or is about to.
    let isInTheMaking: Bool

    func isKept(at now: Timestamp) -> Bool { now < createdAt.adding(seconds: daysKept * 86_400) }
  }

  static func all(of contact: RecordID, for user: RecordID, now: Timestamp, in db: Database) throws -> [Line] {
    try db.all(
      """
      SELECT id, created_at, size, EXISTS (SELECT 1 FROM jobs WHERE jobs.id = personal_archives.id AND jobs.status IN ('waiting', 'running'))
      FROM personal_archives WHERE contact_id = \(contact) AND requested_by = \(user) ORDER BY created_at DESC
      """
    ) { Line(id: $0.recordID(0), createdAt: $0.timestamp(1), size: $0.intOrNil(2), isInTheMaking: $0.bool(3)) }.filter {
      $0.isKept(at: now)
    }
  }

  private static func folder(_ services: Services) -> String { services.media.folder + "/archives" }

  static func path(of id: RecordID, _ services: Services) -> String { folder(services) + "/\(id.text).zip" }

  /// Its argument is the contact, and how the user who asked reads: language and time zone.
  static let job = JobKind("personal_archive", "Export of personal data", lane: .long) { run in
    let services = run.services
    guard let contact = RecordID(run.arguments["contact"]?.string ?? "") else { throw StoreError("a job names no contact") }
    let formats = Formats(
      language: services.languages.language(run.arguments["language"]?.string ?? ""),
      zone: ZoneClock(run.arguments["zone"]?.string ?? "UTC"), now: run.now)
    guard let data = try services.store.read({ db in try PersonalData(of: contact, services, in: db) }) else {
      throw JobFailure(Message("This record no longer exists. Choose another."), isFinal: true)
    }
    let path = path(of: run.id, services)
    try? FileManager.default.createDirectory(
      atPath: folder(services), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try? FileManager.default.removeItem(atPath: path)
    try write(data, formats, to: path)
    let size = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    try run.step { db in
      try db.run("UPDATE personal_archives SET size = \(size) WHERE id = \(run.id)")
      // Open pages of the contact show it at once.
      let act = ActContext(db: db, principal: .program(), now: run.now, types: services.composition.records.all)
      try Activity.record("contact.export_ready", type: "contact", id: contact, name: data.name, act)
    }
    return JobResult(Message("Archive of {size}.", sizes: ["size": size]))
  }

  static func write(_ data: PersonalData, _ formats: Formats, to path: String) throws {
    let zip = try ZipFile(creating: path)
    try zip.add("index.html", data.html(formats))
    try zip.add("data.json", Array((data.json.text + "\n").utf8))
    for section in data.sections { try zip.add("csv/\(section.name).csv", data.csv(section)) }
    for file in data.attachments where FileManager.default.isReadableFile(atPath: file.path) { try zip.add(file.name, file: file.path) }
    try zip.close()
  }

  /// Removes what has been kept long enough, and files whose rows went with their contact.
  static let chore = Chore { run in
    let removed = try run.step(.essential) { db in
      try db.run("DELETE FROM personal_archives WHERE created_at < \(run.now.adding(seconds: -daysKept * 86_400))")
    }
    let folder = folder(run.services)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      let id = String(name.prefix { $0 != "." })
      let isKept = try run.services.store.read { try $0.value("SELECT 1 FROM personal_archives WHERE id = \(id)") != nil }
      if !isKept { try? FileManager.default.removeItem(atPath: folder + "/" + name) }
    }
    return removed
  }
}
