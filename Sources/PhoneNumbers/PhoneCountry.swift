import Synchronization

/// Whose numbers are meant where a number doesn't say its country: one for the whole program, chosen when it starts.
package enum PhoneCountry {
  private static let chosen = Mutex<String?>(nil)

  /// An ISO 3166 code; `nil` where nobody has said it.
  package static var current: String? { chosen.withLock(\.self) }

  /// Chooses a country.
  package static func choose(_ country: String?) { chosen.withLock { $0 = country } }
}
