import Templating

/// Sizes as people read them.
enum ByteCount {
  /// `21.8 KB`, `21,8 KB`.
  static func text(_ bytes: Int, in language: Language) -> String {
    if bytes < 1_000 { return language.plural("{n} byte", "{n} bytes", count: bytes) }
    var size = Double(bytes) / 1_000
    var units = ["{n} KB", "{n} MB", "{n} GB", "{n} TB"][...]
    while size >= 999.5, units.count > 1 {
      size /= 1_000
      units.removeFirst()
    }
    let tenths = Int((size * 10).rounded())
    let number = tenths < 1_000 ? NumberText(language).write(tenths, places: 1) : language.number(Int(size.rounded()))
    return language.text(units[units.startIndex], ["n": .text(number)])
  }
}
