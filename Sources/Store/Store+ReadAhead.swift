import Dispatch

#if canImport(Glibc)
  import Glibc
#endif

extension Store {
  /// Has the system keep the file in its cache: reads it once from end to end, in the background, where half of the machine's memory has room for it.
  /// Rows that are looked for lie all over the file, and who looks first after a start would wait for the disk at each of them. With pauses, so
  /// that the disk and the processors are there for those who look meanwhile: some hundred megabytes a second.
  package func readAhead() {
    DispatchQueue.global(qos: .background).async { [path] in
      // Never closed: with any of its descriptors a process gives up the locks that SQLite holds on the file.
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      var file = stat()
      guard descriptor >= 0, fstat(descriptor, &file) == 0 else { return }
      guard file.st_size <= sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) / 2 else { return }
      withUnsafeTemporaryAllocation(byteCount: 512 << 10, alignment: 4096) { piece in
        while Glibc.read(descriptor, piece.baseAddress, piece.count) > 0 { usleep(2_000) }
      }
    }
  }
}
