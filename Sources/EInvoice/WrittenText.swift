import XML

extension String {
  /// As it is written: without forbidden characters and without white space around it; `nil` if nothing is left.
  var written: String? {
    let text = withoutForbiddenCharacters()
    guard let first = text.firstIndex(where: { !$0.isWhitespace }), let last = text.lastIndex(where: { !$0.isWhitespace }) else {
      return nil
    }
    return String(text[first...last])
  }

  var isBlank: Bool { written == nil }
}
