package import Blobs
package import Store

extension Composition {
  /// How a backup is made.
  package struct BackupOptions: Sendable {
    /// Trusts copies of files that already exist.
    package var isQuick = false
    /// The folder with the files of an earlier backup, from which those that haven't changed are linked.
    package var earlier: String?
    /// Hears which of how many files is copied; what it throws ends the backup.
    package var progress: @Sendable (Int, Int) throws -> Void = { _, _ in }

    package init() {}
  }

  /// What a backup has found.
  package struct BackupReport: Sendable {
    /// How many files are new in it.
    package let newFiles: Int
    /// What is wrong with the live data, and so with the copy.
    package let problems: [String]
  }

  /// Copies the database to a new file and its files to a folder, both complete and read back, while reads and writes continue.
  package func backup(
    _ store: Store, files blobs: DiskBlobs, to path: String, and media: String, options: BackupOptions
  ) throws -> BackupReport {
    var copies: [DiskBlobs.Copying] = []
    var problems: [String] = []
    // Refused before hours of copying, not after.
    try Store.refuseBackup(to: path)
    // Before, so that nothing that the database copy refers to is deleted during the backup; after, so that nothing newer is missing.
    copies.append(
      try blobs.copy(to: media, verifying: !options.isQuick, earlier: options.earlier, progress: options.progress))
    try store.backup(to: path) { copy in
      copies.append(try blobs.copy(to: media, earlier: options.earlier))
      let copied = try DiskBlobs(folder: media)
      // Their contents have been read while they were copied or compared.
      problems = try self.problems(ofCopy: copy, media: copied, verifying: false)
      try removeUnnamed(by: copy, from: copied)
    }
    return BackupReport(newFiles: copies.reduce(0) { $0 + $1.new }, problems: problems)
  }
}
