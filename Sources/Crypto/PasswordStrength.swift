import CZxcvbn
import Glibc

/// Estimates how hard a password is to guess for somebody who knows how people choose them.
package enum PasswordStrength {
  /// The approximate strength in bits, by zxcvbn: it finds the most common words, names and passwords (from the
  /// library's lists), also reversed, repeated or with `4` for `a`, keyboard patterns, sequences and dates, and counts
  /// what is left. `known` are words that an attacker would try first for this user.
  ///
  /// It compares bytes: pass both in lower case and without accents, so that case and accents make no difference.
  package static func bits(_ password: String, known: [String] = []) -> Double {
    // Bytes beyond this limit can't make the password weaker, and the cost grows faster than the length.
    let password = String(decoding: password.utf8.prefix(100).filter { $0 != 0 }, as: UTF8.self)
    var words: [UnsafePointer<CChar>?] = known.filter { !$0.utf8.contains(0) }.map { UnsafePointer(strdup($0)) } + [nil]
    defer { for word in words { free(UnsafeMutablePointer(mutating: word)) } }
    return ZxcvbnMatch(password, &words, nil)
  }
}
