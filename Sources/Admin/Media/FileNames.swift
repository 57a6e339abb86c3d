import Base

/// The rules for renaming a file. They are those of an upload, and the ending is kept unless another one is given. The type of a file comes from its
/// content, so that no name changes it.
enum FileNames {
  static func check(_ typed: String) -> Message? {
    if typed.allSatisfy({ $0 == "." || $0 == " " }) { return Message("Enter a name.") }
    if typed.contains(where: { $0 == "/" || $0 == "\\" }) { return Message("A name can’t contain / or \\.") }
    return TextRules.problem(with: typed, atMost: MediaFile.longestName)
  }

  /// What a file is called after somebody has typed this over its name.
  static func renamed(_ name: String, to typed: String) -> String {
    MediaLibrary.clean(ending(of: typed) == nil ? typed + (ending(of: name) ?? "") : typed)
  }

  /// `.pdf`, `.7z`: a dot with up to ten letters and digits behind it, of which at least one is a letter, so that “Offer 2.1” has none.
  static func ending(of name: String) -> String? {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    let letters = name[name.index(after: dot)...]
    guard (1...10).contains(letters.count), letters.allSatisfy({ $0.isLetter || $0.isNumber }), letters.contains(where: \.isLetter)
    else { return nil }
    return String(name[dot...])
  }
}
