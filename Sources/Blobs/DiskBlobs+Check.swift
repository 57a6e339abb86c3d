extension DiskBlobs {
  /// What can be wrong with a content.
  package enum Fault: Sendable, Equatable {
    case missing
    /// It has so many bytes.
    case size(Int)
    /// It has as many bytes as it should, and others.
    case changed
    /// The disk doesn't give it.
    case unreadable(String)
  }

  /// What is wrong with a content, which should have so many bytes. Its bytes are read only if `reading`.
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
