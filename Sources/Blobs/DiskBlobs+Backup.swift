import Glibc

extension DiskBlobs {
  /// The result of a backup.
  package struct Copying: Sendable {
    /// The number of contents that were missing or incomplete.
    package var new = 0
    /// Contents that are damaged here and could not be copied.
    package var damaged: [String] = []
    /// The number of bytes in those that were copied, not linked.
    package var bytes = 0
  }

  /// Copies all missing contents to another library's folder; existing ones are copied again if their size differs, or
  /// with `verifying` their bytes. Each copy is verified before it gets its name: a content damaged here never replaces
  /// a sound one there.
  ///
  /// A copy is a file of its own: later damage to it doesn't affect the original. File systems with reflinks share the
  /// blocks. A content that is in an `earlier` copy is linked from there, which takes no room. `progress` is called for
  /// each content, with the number of those before it and of all.
  package func copy(
    to other: String, verifying: Bool = false, earlier: String? = nil, progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> Copying {
    let target = try DiskBlobs(folder: other)
    let earlier = try earlier.map { try DiskBlobs(folder: $0, making: false) }
    var linkedHomes: Set<String> = []
    for name in Disk.names(in: target.incoming) where name.hasPrefix(Self.copyPrefix) { unlink(target.incoming + "/" + name) }
    var copying = Copying()
    let contents = all()
    for (number, checksum) in contents.enumerated() {
      try progress(number, contents.count)
      let original = StagedFile(path: path(of: checksum))
      // A content deleted in this moment is no loss.
      guard original.exists else { continue }
      if target.fault(of: checksum, size: original.size, reading: verifying) == nil { continue }
      let home = other + "/" + checksum.prefix(2)
      if let earlier, earlier.fault(of: checksum, size: original.size, reading: verifying) == nil {
        mkdir(home, 0o700)
        unlink(target.path(of: checksum))
        if link(earlier.path(of: checksum), target.path(of: checksum)) == 0 {
          linkedHomes.insert(home)
          copying.new += 1
          continue
        }
      }
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
      if mkdir(home, 0o700) == 0 { try Disk.synchronize(other) } else if errno != EEXIST { throw BlobError("made", home) }
      guard rename(copy.path, target.path(of: checksum)) == 0 else { throw BlobError("moved to its place", copy.path) }
      try Disk.synchronize(home)
      copying.new += 1
      copying.bytes += original.size
    }
    if !linkedHomes.isEmpty { try Disk.synchronize(other) }
    for home in linkedHomes { try Disk.synchronize(home) }
    return copying
  }
}
