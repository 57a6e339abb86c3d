/// Entity tags and conditional requests (RFC 9110 §13.1).
package enum ETag {
  /// Whether the client's copy is current: its `If-None-Match` names the tag, strong or weak, or is `*`. Respond with
  /// 304 then.
  package static func matches(_ ifNoneMatch: String?, _ tag: String) -> Bool {
    guard let ifNoneMatch else { return false }
    let wanted = opaque(tag[...])
    return ifNoneMatch.split(separator: ",").contains { piece in
      let piece = piece.drop { $0 == " " || $0 == "\t" }
      let candidate = piece.lastIndex { $0 != " " && $0 != "\t" }.map { piece[...$0] } ?? ""
      return candidate == "*" || opaque(candidate) == wanted
    }
  }

  /// Whether `If-Match` names the version that is there (§13.1.1): the very tag, or `*`. A weak one says only that something like it was seen.
  package static func matchesStrongly(_ ifMatch: String, _ tag: String) -> Bool {
    ifMatch.split(separator: ",").contains { piece in
      let candidate = piece.drop { $0 == " " || $0 == "\t" }
      let trimmed = candidate.lastIndex { $0 != " " && $0 != "\t" }.map { candidate[...$0] } ?? ""
      return trimmed == "*" || !trimmed.hasPrefix("W/") && uncoded(trimmed) == tag
    }
  }

  /// The tag in its weak form: the same content, but not necessarily the same bytes.
  static func weak(_ tag: String) -> String { tag.hasPrefix("W/") ? tag : "W/" + tag }

  /// The tag of the same content in a coding: as strong, and another, since the bytes are others.
  static func coded(_ tag: String, _ coding: ContentCoding) -> String { tag.dropLast() + "-\(coding.rawValue)\"" }

  private static func uncoded(_ tag: Substring) -> Substring {
    for coding in [ContentCoding.gzip, .zstd] {
      let end = "-\(coding.rawValue)\""
      if tag.hasSuffix(end) { return tag.dropLast(end.utf8.count) + "\"" }
    }
    return tag
  }

  private static func opaque(_ tag: Substring) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag }
}
