/// Entity tags and conditional requests (RFC 9110 §13.1.2).
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

  /// The tag in its weak form: the same content, but not necessarily the same bytes.
  static func weak(_ tag: String) -> String { tag.hasPrefix("W/") ? tag : "W/" + tag }

  private static func opaque(_ tag: Substring) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag }
}
