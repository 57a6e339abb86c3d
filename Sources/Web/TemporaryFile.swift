#if canImport(Glibc)
  import Glibc
#endif

/// A file that is removed on deinit.
package final class TemporaryFile: Sendable {
  package let path: String
  package let size: Int

  package init(path: String, size: Int) {
    self.path = path
    self.size = size
  }

  deinit { unlink(path) }
}
