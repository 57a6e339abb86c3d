import Base
import Blobs
import Glibc
import Store

/// Compares the database with the files in the library's folder.
struct MediaCheck: Sendable {
  let store: Store
  let blobs: DiskBlobs
  let folder: String
  /// Sizes only.
  let isQuick: Bool

  var part: CheckPart { CheckPart("files") { _ in try problems() } }

  /// Asks the database in short reads of its own: reading the contents may take hours, and files come and go in that time.
  private func problems() throws -> [String] {
    // What is there first, then what is named: a content is there before it is named.
    let present = blobs.all()
    return try named() + unnamed(among: present)
      + blobs.strangers.map { "\($0) doesn’t belong to the library; move it away" }
  }

  /// What is wrong with the contents that files name.
  func named() throws -> [String] {
    let contents = try store.read { db in
      try db.all("SELECT checksum, size, min(name), count(*) FROM files GROUP BY checksum ORDER BY checksum") { row in
        (checksum: row.text(0), size: row.int(1), name: row.text(2), count: row.int(3))
      }
    }
    if !contents.isEmpty, !folder.isEmpty, access(folder, F_OK) != 0 {
      return [
        "the folder \(folder) is missing, and with it the contents of \(contents.count) \(contents.count == 1 ? "file" : "files"): restore it from a backup, or set ROOST_DATA to where it is"
      ]
    }
    return try contents.compactMap { content in
      guard let fault = blobs.fault(of: content.checksum, size: content.size, reading: !isQuick),
        // It may have been deleted while its turn came.
        try store.read({ db in try FileStore.isNamed(content.checksum, in: db) })
      else { return nil }
      let others = content.count > 1 ? " (and \(content.count - 1) more)" : ""
      return "the file “\(content.name)”\(others) \(Self.describe(fault, content.size)): upload it again, or restore "
        + "\(blobs.path(of: content.checksum)) from a backup"
    }
  }

  private func unnamed(among present: [String]) throws -> [String] {
    let named = Set(try store.read { db in try db.all("SELECT DISTINCT checksum FROM files") { $0.text(0) } })
    return try present.compactMap { checksum in
      guard !named.contains(checksum), !blobs.isMoving(checksum), blobs.fault(of: checksum, size: 0, reading: false) != .missing,
        try store.read({ db in try !FileStore.isNamed(checksum, in: db) })
      else { return nil }
      return "nothing names the content \(blobs.path(of: checksum)): it only takes room; remove it"
    }
  }

  private static func describe(_ fault: DiskBlobs.Fault, _ size: Int) -> String {
    switch fault {
    case .missing: "is missing from the disk"
    case .size(let found): "is damaged: it has \(found) bytes instead of \(size)"
    case .changed: "is damaged: its bytes are not those that were uploaded"
    case .unreadable(let reason): "can’t be read (\(reason))"
    }
  }
}
