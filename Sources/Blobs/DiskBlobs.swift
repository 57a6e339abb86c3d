import Glibc
import Synchronization

/// Contents in a local folder: `ab/cdef…` for each, `incoming` for those in progress.
///
/// While a content is added or removed, a marker with its checksum is in `incoming`. A crash at any moment leaves the
/// marker, and `recover` asks the database about it.
package final class DiskBlobs: BlobStorage {
  /// Where files are assembled. On the same file system, so that storing one moves no bytes.
  package let incoming: String
  private let folder: String
  /// One content is added or removed at a time: the same bytes must not be added and removed concurrently.
  private let turn = Mutex(())

  /// Creates the folder if it doesn't exist, for its owner only; with `making: false` a missing folder counts as empty.
  package init(folder: String, making: Bool = true) throws {
    self.folder = folder
    incoming = folder + "/incoming"
    guard making else { return }
    for path in [folder, incoming] where mkdir(path, 0o700) != 0 && errno != EEXIST { throw BlobError("made", path) }
  }

  package func path(of checksum: String) -> String { folder + "/" + checksum.prefix(2) + "/" + checksum.dropFirst(2) }

  @discardableResult
  package func keep<T>(_ files: [(path: String, checksum: String)], _ commit: () throws -> T) throws -> T {
    for (path, _) in files { try Disk.synchronize(path) }
    return try turn.withLock { _ in
      var (markers, new): ([String], [String]) = ([], [])
      defer { for marker in markers { unlink(marker) } }
      do {
        for (path, checksum) in files {
          markers.append(try mark(checksum))
          let target = self.path(of: checksum)
          let isNew = access(target, F_OK) != 0
          let home = folder + "/" + checksum.prefix(2)
          if mkdir(home, 0o700) == 0 { try Disk.synchronize(folder) } else if errno != EEXIST { throw BlobError("made", home) }
          // Replaces an existing file too: if the disk has damaged it, it is repaired. Open readers continue with the
          // old file.
          try place(path, at: target)
          if isNew { new.append(target) }
          try Disk.synchronize(home)
        }
        let result = try commit()
        for (path, _) in files { unlink(path) }
        return result
      } catch {
        for target in new { unlink(target) }
        throw error
      }
    }
  }

  /// Hard-links a file, so that it keeps its own name if the database refuses it now and it is sent again. On file
  /// systems without hard links it is moved.
  private func place(_ path: String, at target: String) throws {
    let second = path + Self.placeEnding
    unlink(second)
    // rename() does nothing if both names are links to the same file.
    defer { unlink(second) }
    guard link(path, second) == 0 ? rename(second, target) == 0 : rename(path, target) == 0 else {
      throw BlobError("moved to its place", path)
    }
  }

  @discardableResult
  package func forget<T>(_ checksums: [String], _ commit: () throws -> (result: T, unnamed: [String])) throws -> T {
    try turn.withLock { _ in
      let markers = try checksums.map(mark)
      defer { for marker in markers { unlink(marker) } }
      let (result, unnamed) = try commit()
      for checksum in unnamed { unlink(path(of: checksum)) }
      return result
    }
  }

  package func recover(_ isNamed: (String) throws -> Bool) throws {
    for name in Disk.names(in: incoming) {
      let path = incoming + "/" + name
      if name.hasPrefix(Self.markerPrefix) {
        let checksum = String(name.dropFirst(Self.markerPrefix.count))
        if Self.isChecksum(checksum), try !isNamed(checksum) { unlink(self.path(of: checksum)) }
        unlink(path)
      } else if name.hasPrefix("upload-") || name.hasPrefix(Self.copyPrefix) || name.hasSuffix(Self.placeEnding) {
        // The body of a request that was never answered, or the remains of a killed backup.
        unlink(path)
      }
    }
  }

  package func all() -> [String] { names.filter(Self.isChecksum).sorted() }

  /// Files in the folder that aren't contents, by path.
  package var strangers: [String] { names.filter { !Self.isChecksum($0) }.map(path).sorted() }

  private var names: [String] {
    Disk.names(in: folder).filter { $0.utf8.count == 2 }.flatMap { home in Disk.names(in: folder + "/" + home).map { home + $0 } }
  }

  /// Whether a content is being added or removed at this moment.
  package func isMoving(_ checksum: String) -> Bool { access(incoming + "/" + Self.markerPrefix + checksum, F_OK) == 0 }

  /// A file of this name that is being assembled; it survives a restart.
  package func staged(_ name: String) -> StagedFile { StagedFile(path: incoming + "/" + name + Self.partEnding) }

  /// The current sizes of files being assembled, in bytes.
  package var bytesOnTheirWay: Int {
    Disk.names(in: incoming).filter { $0.hasSuffix(Self.partEnding) }.reduce(0) { $0 + StagedFile(path: incoming + "/" + $1).size }
  }

  /// Removes files being assembled that are no longer wanted. `wanted` is called after the folder was read, so that a
  /// file that arrives later, whose name is wanted before it exists, is not removed.
  package func sweepStaged(_ wanted: () throws -> Set<String>) rethrows {
    let names = Disk.names(in: incoming).filter { $0.hasSuffix(Self.partEnding) }
    if names.isEmpty { return }
    let wanted = try wanted()
    for name in names where !wanted.contains(String(name.dropLast(Self.partEnding.count))) { unlink(incoming + "/" + name) }
  }

  private static let partEnding = ".part"
  private static let placeEnding = ".placing"
  private static let markerPrefix = "moving-"
  static let copyPrefix = "copy-"

  static func isChecksum(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { 48...57 ~= $0 || 97...102 ~= $0 }
  }

  /// The marker is synced, so that it is found after a power failure too.
  private func mark(_ checksum: String) throws -> String {
    let path = incoming + "/" + Self.markerPrefix + checksum
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw BlobError("written", path) }
    close(descriptor)
    try Disk.synchronize(incoming)
    return path
  }
}
