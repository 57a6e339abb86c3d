/// The built-in roles. Owners may also make and unmake owners.
package enum Role: String, Sendable, CaseIterable {
  case owner, admin, manager, factory, member

  /// The id of its record, the same in every installation.
  package var id: String { Self.prefix + String((Self.allCases.firstIndex(of: self) ?? 0) + 1) }

  package init?(id: String) {
    guard id.hasPrefix(Self.prefix), let number = Int(id.dropFirst(Self.prefix.count)), Self.allCases.indices.contains(number - 1) else {
      return nil
    }
    self = Self.allCases[number - 1]
  }

  private static let prefix = "01939c00-0000-7000-8000-00000000000"

  /// Whether it may do everything, and its rights can't be changed.
  package var isUnlimited: Bool { self == .owner || self == .admin }
}
