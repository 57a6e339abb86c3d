/// Letters in other forms: ligatures, full and half width, Roman numerals, superscript and encircled ones. The standard
/// library knows only canonical equivalence; these are the compatibility mappings of Unicode found in names and pasted
/// text.
enum CompatibilityForms {
  /// The plain letters; `scalar` is in lower case.
  static func plain(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    let value = scalar.value
    // All mapped scalars are in these blocks.
    switch value {
    case ..<0xAA: return [scalar]
    case 0xFF01...0xFF5E: return shifted(value, by: -0xFEE0)
    case 0x24D0...0x24E9: return shifted(value, by: 0x61 - 0x24D0)
    case 0x1D400...0x1D6A3: return shifted((value - 0x1D400) % 26, by: 0x61)
    default: return table[scalar] ?? [scalar]
    }
  }

  private static func shifted(_ value: UInt32, by distance: Int) -> [Unicode.Scalar] {
    Unicode.Scalar(UInt32(Int(value) + distance)).map { [$0] } ?? []
  }

  private static let table: [Unicode.Scalar: [Unicode.Scalar]] = {
    var table: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    for (start, forms) in rows {
      for (offset, form) in forms.unicodeScalars.split(separator: " ").enumerated() {
        if let scalar = Unicode.Scalar(start + UInt32(offset)) { table[scalar] = Array(form) }
      }
    }
    return table
  }()

  /// From the first scalar on, the mappings of it and the following ones.
  private static let rows: [(start: UInt32, forms: String)] = [
    (0xAA, "a"), (0xB2, "2 3"), (0xB9, "1 o"), (0x133, "ij"), (0x140, "l"), (0x149, "n"), (0x17F, "s"), (0x1C6, "dz"), (0x1C9, "lj"),
    (0x1CC, "nj"), (0x1F3, "dz"), (0x587, "եւ"), (0x2070, "0 i"), (0x2074, "4 5 6 7 8 9"), (0x2080, "0 1 2 3 4 5 6 7 8 9"),
    (0x2116, "no"), (0x2120, "sm tel tm"), (0x2170, "i ii iii iv v vi vii viii ix x xi xii l c d m"), (0x2460, "1 2 3 4 5 6 7 8 9 10"),
    (0xFB00, "ff fi fl ffi ffl st st"), (0xFB13, "մն մե մի վն մխ"),
    (
      0xFE80,
      """
      ء ا ا ا ا و و ا ا ي ي ي ي ا ا ب ب ب ب ة ة ت ت ت ت ث ث ث ث ج ج ج ج ح ح ح ح خ خ خ خ د د ذ ذ ر ر ز ز س س س س ش ش ش ش ص ص ص ص ض ض ض ض \
      ط ط ط ط ظ ظ ظ ظ ع ع ع ع غ غ غ غ ف ف ف ف ق ق ق ق ك ك ك ك ل ل ل ل م م م م ن ن ن ن ه ه ه ه و و ى ى ي ي ي ي لا لا لا لا لا لا لا لا
      """
    ),
    (
      0xFF66,
      "ヲ ァ ィ ゥ ェ ォ ャ ュ ョ ッ ー ア イ ウ エ オ カ キ ク ケ コ サ シ ス セ ソ タ チ ツ テ ト ナ ニ ヌ ネ ノ ハ ヒ フ ヘ ホ マ ミ ム メ モ ヤ ユ ヨ ラ リ ル レ ロ ワ ン \u{3099} \u{309A}"
    ),
  ]
}
