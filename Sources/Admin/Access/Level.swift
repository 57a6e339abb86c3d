/// How far a right goes. Each level holds all before it.
package enum Level: Int, Sendable, Comparable, CaseIterable {
  case none, readOwn, read, write, full

  /// As roles store it and files have it.
  package var name: String {
    switch self {
    case .none: "none"
    case .readOwn: "read_own"
    case .read: "read"
    case .write: "write"
    case .full: "full"
    }
  }

  package init?(name: some StringProtocol) {
    guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }

  /// As people read it.
  package func label(on resource: Resource) -> String {
    switch self {
    case .none: resource.levels.count == 2 ? "No" : "No access"
    case .readOwn: "View own"
    case .read: resource.levels.count == 2 ? "Yes" : "View"
    case .write: "View and edit"
    case .full: resource.levels.count == 2 ? "Yes" : "Full access"
    }
  }
}
