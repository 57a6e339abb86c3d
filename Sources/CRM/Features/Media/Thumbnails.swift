import Base
import Blobs
import Glibc

/// Small pictures, made when they are first asked for and kept beside the library. They can be thrown away at any time.
struct Thumbnails: Sendable {
  let folder: String
  let inspector: any FileInspector

  /// How large they are, in pixels of a square that they fit.
  enum Side: Int, CaseIterable, Sendable {
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
    var status = stat()
    if stat(path, &status) == 0 {
      if status.st_size > 0 { return (path, Int(status.st_size)) }
      if time(nil) - status.st_mtim.tv_sec < 3_600 { return nil }
    }
    mkdir(home(of: checksum), 0o700)
    guard inspector.thumbnail(of: original, side: side.rawValue, to: path) else {
      close(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
      utimes(path, nil)
      return nil
    }
    return stat(path, &status) == 0 ? (path, Int(status.st_size)) : nil
  }

  func remove(_ checksums: [String]) {
    for checksum in checksums { for side in Side.allCases { unlink(path(of: checksum, side)) } }
  }

  private func home(of checksum: String) -> String { folder + "/" + checksum.prefix(2) }

  private func path(of checksum: String, _ side: Side) -> String { "\(home(of: checksum))/\(checksum.dropFirst(2))-\(side.rawValue)" }
}
