import Glibc

extension DiskBlobs {
  /// What a copying came to.
  package struct Copying: Sendable {
    /// How many contents were not there yet, or not whole.
    package var new = 0
    /// Contents that are damaged here, and so could not be copied.
    package var damaged: [String] = []
  }

  /// Copies all contents into another library's folder that aren't there yet; such as are there in another size, or with `verifying` with other bytes,
  /// are copied again. Each copy is read back before it gets its name: what is damaged here takes no sound content's place there.
  ///
  /// A copy is a file of its own: what happens to it later doesn't happen to the original. Disks that can share the room of two files do.
  package func copy(to other: String, verifying: Bool = false) throws -> Copying {
    let target = try DiskBlobs(folder: other)
    for name in Disk.names(in: target.incoming) where name.hasPrefix(Self.copyPrefix) { unlink(target.incoming + "/" + name) }
    var copying = Copying()
    for checksum in all() {
      let original = StagedFile(path: path(of: checksum))
      // One that was deleted in this moment is no loss.
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
