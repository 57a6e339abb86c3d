/// The part of a file that a client requests (RFC 9110 §14).
package enum ByteRange: Equatable, Sendable {
  /// The whole file: no range was requested, or an unsupported one (several at once, or of a changed file).
  case whole
  case part(offset: Int, count: Int)
  /// The requested range doesn't exist: 416.
  case unsatisfiable

  /// `range` is the `Range` header, `ifRange` the `If-Range` header, `tag` and `size` are the file's.
  package init(_ range: String?, ifRange: String?, tag: String, size: Int) {
    self = .whole
    if let ifRange, ifRange != tag { return }
    guard let range, range.lowercased().hasPrefix("bytes=") else { return }
    let ends = range.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
    guard ends.count == 2, ends.allSatisfy({ $0.utf8.count < 16 && $0.utf8.allSatisfy { 48...57 ~= $0 } }) else { return }
    switch (Int(ends[0]), Int(ends[1])) {
    case (nil, nil): return
    case (nil, let last?):
      self = last == 0 || size == 0 ? .unsatisfiable : .part(offset: max(0, size - last), count: min(last, size))
    case (let first?, nil): self = first < size ? .part(offset: first, count: size - first) : .unsatisfiable
    case (let first?, let last?):
      guard first <= last else { return }
      self = first < size ? .part(offset: first, count: min(last, size - 1) - first + 1) : .unsatisfiable
    }
  }
}
