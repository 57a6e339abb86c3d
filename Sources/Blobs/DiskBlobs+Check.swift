extension DiskBlobs {
  /// The possible damage to a content.
  package enum Fault: Sendable, Equatable {
    case missing
    /// The wrong size.
    case size(Int)
    /// The right size, but different bytes.
    case changed
    /// An I/O error.
    case unreadable(String)
  }

  /// The damage to a content, given its expected size. Its bytes are read only if `reading`.
  package func fault(of checksum: String, size: Int, reading: Bool) -> Fault? {
    let file = StagedFile(path: path(of: checksum))
    guard file.exists else { return .missing }
    guard file.size == size else { return .size(file.size) }
    guard reading else { return nil }
    do {
      return try file.checksum() == checksum ? nil : .changed
    } catch let error as BlobError where error.isMissing {
      return .missing
    } catch {
      return .unreadable("\(error)")
    }
  }
}
