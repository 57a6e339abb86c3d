package import Blobs
package import Store

/// What `roost check` and `roost backup` look at.
extension Composition {
  /// How a check is done.
  package struct CheckOptions: Sendable {
    /// Leaves the contents of files unread; that they are there, and their sizes, is looked at all the same.
    package var isQuick = false
    /// Hears how far it has come.
    package var progress: (@Sendable (Store.CheckProgress) -> Void)?
    /// Asked before each part: whether to leave the rest.
    package var shouldStop: @Sendable () -> Bool = { false }

    package init() {}
  }

  /// Looks through the whole database, its file and all that is kept ready in it, and the files of the media library if its
  /// folder is given. One line per problem, with what to do about it.
  package func check(_ store: Store, mediaFolder: String? = nil, options: CheckOptions = CheckOptions()) throws -> [String] {
    let derived = derivations.map { derivation in CheckPart(derivation.name) { db in try derivation.problem(in: db).map { [$0] } ?? [] } }
    let media = try mediaFolder.map { folder in
      [MediaCheck(store: store, blobs: try DiskBlobs(folder: folder, making: false), folder: folder, isQuick: options.isQuick).part]
    }
    return try store.check(also: (media ?? []) + derived, progress: options.progress, shouldStop: options.shouldStop)
  }

  /// Rebuilds derived data that is wrong, one kind after the other: others write in between.
  package func repair(_ store: Store, progress: (String) -> Void = { _ in }) throws {
    for derivation in derivations {
      progress(derivation.name)
      _ = try derivation.repair(in: store)
    }
  }

  /// What speaks against a copy of the database, made by a backup, and of the files that it names, copied into a folder: one line per problem.
  package func problems(ofCopy copy: Store, media: DiskBlobs, verifying: Bool) throws -> [String] {
    let derived = derivations.map { derivation in CheckPart(derivation.name) { db in try derivation.problem(in: db).map { [$0] } ?? [] } }
    return try copy.check(only: derived) + MediaCheck(store: copy, blobs: media, folder: "", isQuick: !verifying).named()
  }

  /// Removes the contents from a backup that its database doesn't name: files that came while it was made, or have been deleted since the last one.
  package func removeUnnamed(by copy: Store, from media: DiskBlobs) throws {
    let named = Set(try copy.read { db in try db.all("SELECT DISTINCT checksum FROM files") { $0.text(0) } })
    let unnamed = media.all().filter { !named.contains($0) }
    try media.forget(unnamed) { ((), unnamed) }
  }
}
