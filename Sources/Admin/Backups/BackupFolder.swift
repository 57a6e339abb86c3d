import Base
import Foundation

/// The backups that Roost makes by itself: a folder for each, with the database, its files and the installation's key. Files that two backups share take room once.
package struct BackupFolder: Sendable {
  let path: String

  package init(_ path: String) { self.path = path }

  struct Backup: Sendable {
    /// When it was begun; the name of its folder.
    let name: String
    let folder: String
    let madeAt: Timestamp
    /// In bytes.
    let databaseSize: Int

    var database: String { folder + "/roost.sqlite" }
    var media: String { folder + "/media" }
    var key: String { folder + "/secret.key" }
  }

  private static let partialEnding = ".partial"

  /// `2026-11-27T03-21-53-123Z`: a time that any file system takes.
  static func name(at now: Timestamp) -> String { now.text.replacing(":", with: "-").replacing(".", with: "-") }

  private static func time(of name: String) -> Timestamp? {
    guard let match = name.wholeMatch(of: #/(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3}Z)/#) else { return nil }
    return Timestamp("\(match.1):\(match.2):\(match.3).\(match.4)")
  }

  /// The complete ones, the newest first.
  func all() -> [Backup] { names.compactMap(backup).sorted { $0.name > $1.name } }

  func backup(named name: String) -> Backup? {
    let folder = path + "/" + name
    guard let time = Self.time(of: name),
      let size = (try? FileManager.default.attributesOfItem(atPath: folder + "/roost.sqlite"))?[.size] as? Int
    else { return nil }
    return Backup(name: name, folder: folder, madeAt: time, databaseSize: size)
  }

  private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

  /// Makes one: `body` fills a folder, which gets its name when it is complete. An incomplete one of this name is continued.
  func make(_ name: String, key: [UInt8], _ body: (_ database: String, _ media: String) throws -> Void) throws {
    guard backup(named: name) == nil else { return }
    let partial = path + "/" + name + Self.partialEnding
    try FileManager.default.createDirectory(
      atPath: partial, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    // The database gets its name last of all that `body` does.
    if !FileManager.default.fileExists(atPath: partial + "/roost.sqlite") { try body(partial + "/roost.sqlite", partial + "/media") }
    let isStored = FileManager.default.createFile(
      atPath: partial + "/secret.key", contents: Data(key), attributes: [.posixPermissions: 0o600])
    guard isStored else { throw JobFailure(Message("The folder {name} can’t be written.", ["name": partial])) }
    try FileManager.default.moveItem(atPath: partial, toPath: path + "/" + name)
  }

  /// Removes all but the newest, and what was never completed.
  func prune(keeping count: Int) throws {
    for backup in all().dropFirst(count) { try FileManager.default.removeItem(atPath: backup.folder) }
    try discard { _ in true }
  }

  /// Removes what a backup that is given up has left.
  func discard(_ name: String) throws { try discard { $0 == name + Self.partialEnding } }

  private func discard(_ isMeant: (String) -> Bool) throws {
    for name in names where name.hasSuffix(Self.partialEnding) && isMeant(name) {
      try FileManager.default.removeItem(atPath: path + "/" + name)
    }
  }

  /// The room that all take together, in bytes: it looks at every file.
  func size() -> Int {
    var seen: Set<Int> = []
    var size = 0
    let files = FileManager.default.enumerator(atPath: path)
    while files?.nextObject() != nil {
      guard let attributes = files?.fileAttributes, attributes[.type] as? FileAttributeType == .typeRegular,
        let inode = attributes[.systemFileNumber] as? Int, seen.insert(inode).inserted
      else { continue }
      size += attributes[.size] as? Int ?? 0
    }
    return size
  }
}
