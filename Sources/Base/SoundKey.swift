/// How a name sounds, the same for Greek letters and for the Latin ones that people write it with: ELOT 743, the older and the usual ways.
///
/// `Παπαδόπουλος`, `papadopoulos` and `papadopulos` are one, so are `Αιγαίο`, `aigaio` and `egeo`, or `Γιώργος`, `giorgos` and `yorgos`. Names that
/// were Latin from the start get a key by the same rules, which need not be right, only the same for all who write them.
package enum SoundKey {
  /// For a folded word of Greek or Latin letters; `nil` for any other.
  package static func of(_ word: String) -> String? {
    var letters: [UInt8] = []
    letters.reserveCapacity(word.utf8.count)
    var isGreek = false
    for scalar in word.unicodeScalars {
      switch scalar.value {
      case 0x61...0x7A: letters.append(UInt8(scalar.value))
      case 0x3B1...0x3C9:
        letters.append(greek[Int(scalar.value) - 0x3B1])
        isGreek = true
      default: return nil
      }
    }
    return letters.isEmpty ? nil : String(decoding: key(of: (isGreek ? greekSounds : latinSounds).of(letters)), as: UTF8.self)
  }

  /// From alpha to omega, each as a Latin letter of its own: `y` for upsilon, `c` for xi, `q` for psi, `w` for omega, `j` for theta.
  private static let greek = Array("avgdezhjiklmncoprsstyfxqw".utf8)
  private static let greekSounds = Sounds(
    "oy:u ay:af ey:ef hy:if ei:i oi:i yi:i mp:b nt:d gk:G gg:G gx:nh v:f h:i y:i w:o j:t c:ks q:ps x:h")
  private static let latinSounds = Sounds(
    "ou:u au:af eu:ef ei:i oi:i yi:i mp:b mb:b nt:d nd:d dh:d th:t ph:f gk:G gg:G ng:G nk:G gh:g ch:h kh:h ck:k ye:ge "
      + "v:f w:f y:i j:i c:k q:k x:ks")

  /// What letters sound like: pairs of them first. `G` is a gamma that stays hard.
  private struct Sounds {
    /// By the first letter and the second, from `a` on, and one for the first alone: up to two sounds; none where the letter is its own.
    private var table = [(UInt8, UInt8)](repeating: (0, 0), count: 26 * 27)

    init(_ rules: String) {
      for rule in rules.split(separator: " ") {
        let (letters, sounds) = (Array(rule.prefix { $0 != ":" }.utf8), Array(rule.drop { $0 != ":" }.dropFirst().utf8))
        table[Self.place(letters[0], letters.count > 1 ? letters[1] : nil)] = (sounds[0], sounds.count > 1 ? sounds[1] : 0)
      }
    }

    private static func place(_ first: UInt8, _ second: UInt8?) -> Int { Int(first - 0x61) * 27 + (second.map { Int($0 - 0x61) } ?? 26) }

    func of(_ letters: [UInt8]) -> [UInt8] {
      var sounds: [UInt8] = []
      sounds.reserveCapacity(letters.count * 2)
      var index = 0
      while index < letters.count {
        let pair = index + 1 < letters.count ? table[Self.place(letters[index], letters[index + 1])] : (0, 0)
        let single = table[Self.place(letters[index], nil)]
        let (first, second) = pair.0 != 0 ? pair : single.0 != 0 ? single : (letters[index], 0)
        sounds.append(first)
        if second != 0 { sounds.append(second) }
        index += pair.0 != 0 ? 2 : 1
      }
      return sounds
    }
  }

  /// A soft gamma is silent before another vowel, two vowels that became one are one, and so are doubled letters.
  private static func key(of sounds: [UInt8]) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(sounds.count)
    for index in sounds.indices {
      if sounds[index] == UInt8(ascii: "g"), index + 2 < sounds.count, sounds[index + 1] == UInt8(ascii: "i"), isVowel(sounds[index + 2]) {
        continue
      }
      let sound = sounds[index] | 0x20
      switch (key.last, sound) {
      case (sound, _): continue
      case (UInt8(ascii: "a"), UInt8(ascii: "i")), (UInt8(ascii: "a"), UInt8(ascii: "e")): key[key.count - 1] = UInt8(ascii: "e")
      case (UInt8(ascii: "o"), UInt8(ascii: "i")), (UInt8(ascii: "e"), UInt8(ascii: "i")): key[key.count - 1] = UInt8(ascii: "i")
      default: key.append(sound)
      }
    }
    return key
  }

  private static func isVowel(_ sound: UInt8) -> Bool {
    switch sound {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "o"), UInt8(ascii: "u"): true
    default: false
    }
  }
}
