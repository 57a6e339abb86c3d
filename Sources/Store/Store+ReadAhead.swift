import Dispatch

#if canImport(Glibc)
  import Glibc
#endif

extension Store {
  /// Has the system read the file into its cache, in the background and only where half of the machine's memory has room for it. Rows that are looked
  /// for lie all over the file, and the first to look after a start would wait for the disk at each of them.
  package func readAhead() {
    DispatchQueue.global(qos: .background).async { [path] in
      // Never closed: with any of its descriptors a process gives up the locks that SQLite holds on the file.
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      var file = stat()
      guard descriptor >= 0, fstat(descriptor, &file) == 0 else { return }
      let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
      guard file.st_size <= memory / 2 else { return }
      posix_fadvise(descriptor, 0, 0, POSIX_FADV_WILLNEED)
    }
  }
}
