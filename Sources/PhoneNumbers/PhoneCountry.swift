import Synchronization

/// The default country for phone numbers without a country code: one per process, chosen at start.
package enum PhoneCountry {
  private static let chosen = Mutex<String?>(nil)

  /// An ISO 3166 code; `nil` if not configured.
  package static var current: String? { chosen.withLock(\.self) }

  /// Sets the country.
  package static func choose(_ country: String?) { chosen.withLock { $0 = country } }
}
