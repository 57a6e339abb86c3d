import Glibc

extension DiskBlobs {
  /// The result of a backup.
  package struct Copying: Sendable {
    /// The number of contents that were missing or incomplete.
    package var new = 0
    /// Contents that are damaged here and could not be copied.
    package var damaged: [String] = []
  }

  /// Copies all missing contents to another library's folder; existing ones are copied again if their size differs, or
  /// with `verifying` their bytes. Each copy is verified before it gets its name: a content damaged here never replaces
  /// a sound one there.
  ///
  /// A copy is a file of its own: later damage to it doesn't affect the original. File systems with reflinks share the
  /// blocks.
  package func copy(to other: String, verifying: Bool = false) throws -> Copying {
    let target = try DiskBlobs(folder: other)
    for name in Disk.names(in: target.incoming) where name.hasPrefix(Self.copyPrefix) { unlink(target.incoming + "/" + name) }
    var copying = Copying()
    for checksum in all() {
      let original = StagedFile(path: path(of: checksum))
      // A content deleted in this moment is no loss.
      guard original.exists else { continue }
      if target.fault(of: checksum, size: original.size, reading: verifying) == nil { continue }
      let copy = StagedFile(path: target.incoming + "/" + Self.copyPrefix + checksum)
      defer { copy.remove() }
      do {
        try copy.create()
        try Disk.copy(original.path, to: copy.path)
        try Disk.synchronize(copy.path)
      } catch let error as BlobError where error.isMissing {
        continue
      }
      guard try copy.checksum() == checksum else {
        copying.damaged.append(checksum)
        continue
      }
      let home = other + "/" + checksum.prefix(2)
      if mkdir(home, 0o700) == 0 { try Disk.synchronize(other) } else if errno != EEXIST { throw BlobError("made", home) }
      guard rename(copy.path, target.path(of: checksum)) == 0 else { throw BlobError("moved to its place", copy.path) }
      try Disk.synchronize(home)
      copying.new += 1
    }
    return copying
  }
}
