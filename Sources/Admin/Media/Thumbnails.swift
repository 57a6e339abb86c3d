import Base
import Blobs
import Glibc
import Synchronization

/// Small pictures, made when they are first asked for and kept beside the library. They can be thrown away at any time.
package struct Thumbnails: Sendable {
  let folder: String
  let inspector: any FileInspector
  /// A picture is made once, however many ask for it, and no more than two at a time.
  private let turns = Turns()

  /// How large they are, in pixels of a square that they fit.
  package enum Side: Int, CaseIterable, Sendable {
    /// An avatar or a line of a list, on screens of any density.
    case small = 96
    /// A tile of a grid.
    case tile = 480
  }

  init(folder: String, inspector: any FileInspector) {
    self.folder = folder
    self.inspector = inspector
    mkdir(folder, 0o700)
  }

  /// A file with the small picture; `nil` if none can be made. An empty file remembers that for an hour: it may have been the machine's fault.
  func path(of checksum: String, from original: String, side: Side) -> (path: String, size: Int)? {
    let path = path(of: checksum, side)
    if let size = size(path) { return size > 0 ? (path, size) : nil }
    return turns.take(checksum) {
      if let size = size(path) { return size > 0 ? (path, size) : nil }
      mkdir(home(of: checksum), 0o700)
      guard inspector.thumbnail(of: original, side: side.rawValue, to: path) else {
        close(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
        utimes(path, nil)
        return nil
      }
      return size(path).map { (path, $0) }
    }
  }

  /// In bytes; 0 for one that can't be made, `nil` for one that has to be made.
  private func size(_ path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_size > 0 || time(nil) - status.st_mtim.tv_sec < 3_600 else { return nil }
    return Int(status.st_size)
  }

  func remove(_ checksums: [String]) {
    for checksum in checksums { for side in Side.allCases { unlink(path(of: checksum, side)) } }
  }

  private final class Turns: Sendable {
    private let even = Mutex(())
    private let odd = Mutex(())

    /// By the last digit of the checksum, which is as good as a coin.
    func take<T: Sendable>(_ checksum: String, _ body: () -> T) -> T {
      (checksum.utf8.last ?? 0).isMultiple(of: 2) ? even.withLock { _ in body() } : odd.withLock { _ in body() }
    }
  }

  private func home(of checksum: String) -> String { folder + "/" + checksum.prefix(2) }

  private func path(of checksum: String, _ side: Side) -> String { "\(home(of: checksum))/\(checksum.dropFirst(2))-\(side.rawValue)" }
}
