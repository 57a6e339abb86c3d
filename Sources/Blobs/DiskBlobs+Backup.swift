import Glibc

extension DiskBlobs {
  /// Copies all contents that aren't in another library's folder yet into it, and gives how many that were. On the same disk a copy takes no room:
  /// contents never change, so both may be one file.
  package func copy(to other: String) throws -> Int {
    let target = try DiskBlobs(folder: other)
    var count = 0
    for checksum in all() {
      let path = target.path(of: checksum)
      guard access(path, F_OK) != 0 else { continue }
      let home = other + "/" + checksum.prefix(2)
      if mkdir(home, 0o700) != 0, errno != EEXIST { throw BlobError("made", home) }
      if link(self.path(of: checksum), path) != 0 {
        // One that was deleted in this moment is no loss.
        guard access(self.path(of: checksum), F_OK) == 0 else { continue }
        let partial = StagedFile(path: path + ".partial")
        partial.remove()
        try partial.create()
        try partial.append(contentsOf: self.path(of: checksum))
        try Disk.synchronize(partial.path)
        guard rename(partial.path, path) == 0 else { throw BlobError("moved to its place", path) }
      }
      try Disk.synchronize(home)
      count += 1
    }
    return count
  }
}
