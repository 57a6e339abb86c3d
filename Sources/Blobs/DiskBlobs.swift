import Glibc
import Synchronization

/// Blobs in a folder of the local disk: `ab/cdef…` for each content, `incoming` for what is on its way.
///
/// While a content comes or goes, a marker with its fingerprint stands in `incoming`. The program's end at any moment leaves the marker, and
/// `recover` asks the database what became of it.
package final class DiskBlobs: BlobStorage {
  /// Where files are put together before they are kept. On the same disk, so that keeping one moves no bytes.
  package let incoming: String
  private let folder: String
  /// One content comes or goes at a time: the same bytes must not be kept and forgotten at once.
  private let turn = Mutex(())

  /// Makes the folder if there is none, for its owner only; with `making: false` it may be missing, and then nothing is in it.
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
          // Also over one that is there: if the disk has damaged that, it is whole again. Who reads it goes on with the one they opened.
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

  /// Gives a file a second name, so that it still has its own when the database refuses it just now and it is sent again. Where the disk knows no
  /// second names it is moved.
  private func place(_ path: String, at target: String) throws {
    let second = path + Self.placeEnding
    unlink(second)
    // A name for what is there already stays when it is moved over itself.
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
        // The body of a request that was never answered, or what a killed backup left.
        unlink(path)
      }
    }
  }

  package func all() -> [String] { names.filter(Self.isChecksum).sorted() }

  /// Files among the contents that are none, by their paths.
  package var strangers: [String] { names.filter { !Self.isChecksum($0) }.map(path).sorted() }

  private var names: [String] {
    Disk.names(in: folder).filter { $0.utf8.count == 2 }.flatMap { home in Disk.names(in: folder + "/" + home).map { home + $0 } }
  }

  /// Whether a content comes or goes in this moment.
  package func isMoving(_ checksum: String) -> Bool { access(incoming + "/" + Self.markerPrefix + checksum, F_OK) == 0 }

  /// A file of this name that is being put together, which outlives the program.
  package func staged(_ name: String) -> StagedFile { StagedFile(path: incoming + "/" + name + Self.partEnding) }

  /// How much of files that are being put together has come, in bytes.
  package var bytesOnTheirWay: Int {
    Disk.names(in: incoming).filter { $0.hasSuffix(Self.partEnding) }.reduce(0) { $0 + StagedFile(path: incoming + "/" + $1).size }
  }

  /// Removes the files that are being put together and that nobody wants any more. `wanted` is asked for after the folder was read, so that a file
  /// that comes in after that, whose name is wanted before it is there, is not removed.
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

  /// The marker is on disk when this returns, so that it is found after a power cut too.
  private func mark(_ checksum: String) throws -> String {
    let path = incoming + "/" + Self.markerPrefix + checksum
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw BlobError("written", path) }
    close(descriptor)
    try Disk.synchronize(incoming)
    return path
  }
}
