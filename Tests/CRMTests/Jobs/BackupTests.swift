import Base
import Blobs
import Crypto
import Foundation
import Store
import Synchronization
import TestKit
import Testing
import Web
import XML

@testable import Admin
@testable import CRM

/// Backups and checks as jobs, and the Data tab.
@Suite struct BackupTests {
  private let app: TestApp
  private let owner: TestClient
  private let path = "/admin/settings/crm/data"

  init() throws {
    app = try TestApp()
    owner = try app.visitor(.owner)
    owner.get("/admin/crm/contacts/new")
    owner.post("/admin/crm/contacts", ["name": "Ann Archivist"])
    owner.get("/admin/crm/files")
    owner.post("\(contact)/files", files: [.init("plan.txt", "the plan")])
  }

  private var contact: String { "/admin/crm/contacts/" + ((try? app.id("SELECT id FROM contacts")) ?? "") }
  private var backups: BackupFolder { app.services.backups }

  private func set(_ schedule: String, kept: String = "3") {
    let version = owner.get(path).page.first("//input[@name='version']")?["value"] ?? ""
    let response = owner.post(path, ["version": version, "backup_schedule": schedule, "backups_kept": kept])
    #expect(response.status == 303)
  }

  private func ask(_ kind: String) throws {
    owner.get(path)
    #expect(owner.post("/admin/settings/crm/jobs/recurring/\(kind)", ["return_to": path]).location == path)
    try app.services.performDueJobs()
  }

  private func failure(_ kind: String) throws -> String? {
    try app.store.read { try $0.text("SELECT failure FROM jobs WHERE kind = \(kind) ORDER BY seq DESC LIMIT 1") }
  }

  @Test func `a backup holds the database and the files, and restoring it as the page says brings them back`() throws {
    try ask("backup")
    #expect(try failure("backup") == nil)
    let backup = try #require(backups.all().first)
    // A data folder with a name that shells would take apart, and with other data in it by now.
    let data = app.mediaFolder + "-backups/it's a folder"
    defer { try? FileManager.default.removeItem(atPath: data) }
    try FileManager.default.createDirectory(atPath: data + "/media", withIntermediateDirectories: true)
    let later = try Store(path: data + "/roost.sqlite", durability: .off)
    try later.migrate(crm.migrations)
    later.close()
    let commands = BackupsPanel.commands(
      restoring: backup, database: data + "/roost.sqlite", media: data + "/media", key: data + "/secret.key")
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-ec", commands.joined(separator: "\n")]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    let restored = try Store(path: data + "/roost.sqlite")
    defer { restored.close() }
    #expect(try restored.read { try $0.text("SELECT name FROM contacts") } == "Ann Archivist")
    #expect(try app.composition.check(restored, mediaFolder: data + "/media") == [])
    #expect(FileManager.default.fileExists(atPath: data + "/before-restore/media"))
    #expect(try KeyFile.key(at: data + "/secret.key") == app.services.key)
  }

  @Test func `the newest backups are kept, and files that didn’t change take room once`() throws {
    set("off", kept: "3")
    var names: [String] = []
    for _ in 0..<5 {
      try ask("backup")
      names.append(try #require(backups.all().first).name)
      app.wait(seconds: 60)
    }
    #expect(backups.all().map(\.name) == names.suffix(3).reversed())
    let files = try backups.all().map { backup in
      let blobs = try DiskBlobs(folder: backup.media, making: false)
      let checksum = try #require(blobs.all().first)
      return try #require(try FileManager.default.attributesOfItem(atPath: blobs.path(of: checksum))[.systemFileNumber] as? Int)
    }
    #expect(files.count == 3 && Set(files).count == 1)
    let original = try DiskBlobs(folder: app.mediaFolder, making: false)
    let live = try FileManager.default.attributesOfItem(atPath: original.path(of: original.all()[0]))[.systemFileNumber] as? Int
    #expect(live != files[0], "a backup is never the live file itself")
  }

  @Test func `a backup whose process was killed is completed under its name`() throws {
    struct Killed: Error {}
    try app.store.write { db in _ = try Jobs.enqueue(.backup, key: "backup", now: app.now, in: db) }
    let worker = JobWorker(services: app.services)
    let run = try #require(try worker.claim(.long))
    let name = BackupFolder.name(at: app.now)
    try run.step { db in try run.keep(.object(["name": .string(name)]), in: db) }
    #expect(throws: Killed.self) {
      try backups.make(name, key: []) { _, media in
        _ = try app.services.media.blobs.copy(to: media)
        throw Killed()
      }
    }
    #expect(backups.all().isEmpty)
    app.wait(seconds: JobQueue.lease)
    try worker.performDue()
    #expect(backups.all().map(\.name) == [name])
    #expect(try FileManager.default.contentsOfDirectory(atPath: backups.path) == [name])
  }

  @Test func `a cancelled backup leaves nothing`() throws {
    try app.store.write { db in _ = try Jobs.enqueue(.backup, now: app.now, in: db) }
    let worker = JobWorker(services: app.services)
    let run = try #require(try worker.claim(.long))
    #expect(try app.store.write { try Jobs.cancel(run.id, now: app.now, in: $0) })
    try worker.perform(run)
    #expect(try app.id("SELECT status FROM jobs WHERE kind = 'backup'") == "cancelled")
    #expect((try? FileManager.default.contentsOfDirectory(atPath: backups.path)) ?? [] == [])
  }

  @Test(arguments: [("daily", 7), ("weekly", 1), ("off", 0)])
  func `backups are made as often as the setting says`(schedule: String, count: Int) throws {
    set(schedule, kept: "90")
    try app.services.performDueJobs()
    for _ in 0..<7 {
      app.wait(seconds: 24 * 3600)
      try app.services.performDueJobs()
    }
    #expect(backups.all().count == count)
  }

  @Test func `a check that finds something says it on the page`() throws {
    try ask("check")
    #expect(owner.get(path).text.contains("No problems found."))
    let blobs = app.services.media.blobs
    let file = blobs.path(of: blobs.all()[0])
    // Its size stays, so that only reading finds it.
    try Data("THE PLAN".utf8).write(to: URL(fileURLWithPath: file))
    app.wait(seconds: 24 * 3600)
    try app.services.performDueJobs()
    #expect(owner.get(path).text.contains("No problems found."), "the daily check is quick")
    try ask("check")
    let page = owner.get(path).page
    #expect(page.first("//section[@id='data-check']//li[contains(., 'plan.txt')]")?.text.contains("is damaged") == true)
    try FileManager.default.removeItem(atPath: file)
    app.wait(seconds: 24 * 3600)
    try app.services.performDueJobs()
    #expect(owner.get(path).page.first("//section[@id='data-check']//li[contains(., 'missing')]") != nil)
  }

  @Test func `the page as it was looked at`() throws {
    func page(_ name: String) {
      var page = owner.get(path)
      let text = page.text.replacing(app.store.path, with: "/srv/roost/data/roost.sqlite")
        .replacing((app.store.path as NSString).deletingLastPathComponent, with: "/srv/roost/data")
        .replacing(backups.path, with: "/srv/roost/data/backups").replacing(app.mediaFolder, with: "/srv/roost/data/media")
      page.body = .bytes(Array(text.replacing(#/[0-9.]+ (?:[KMG]B|bytes)/#, with: "{size}").utf8))
      assertSnapshot(of: page, named: "settings/\(name)")
    }
    page("data-empty")
    set("daily")
    try ask("backup")
    try ask("check")
    owner.get(path)
    page("data")
  }
}
