import CZxcvbn
import Glibc

/// How hard a password is to guess for somebody who knows how people choose them.
package enum PasswordStrength {
  /// About how many bits of guessing it takes, by zxcvbn: it finds the words, names and passwords that are used most (its lists come with the
  /// library), also reversed, repeated or with `4` for `a`, rows of the keyboard, series and dates, and counts what is left. `known` are words that
  /// a guesser would try first for this very person.
  ///
  /// It compares bytes: give both in small letters, and accents taken off, so that case and accents make no difference.
  package static func bits(_ password: String, known: [String] = []) -> Double {
    // What comes after so many bytes makes nothing weaker, and the work grows faster than the length.
    let password = String(decoding: password.utf8.prefix(100).filter { $0 != 0 }, as: UTF8.self)
    var words: [UnsafePointer<CChar>?] = known.filter { !$0.utf8.contains(0) }.map { UnsafePointer(strdup($0)) } + [nil]
    defer { for word in words { free(UnsafeMutablePointer(mutating: word)) } }
    return ZxcvbnMatch(password, &words, nil)
  }
}
