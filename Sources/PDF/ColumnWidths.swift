/// The widths of columns.
enum ColumnWidths {
  /// What a column that takes the rest has at least.
  private static let least = 60.0

  /// `natural` is the width of a column that nothing limits. Columns that take the rest share it equally. What doesn't fit is taken from
  /// those that are as wide as their content.
  static func fitted(_ columns: [(length: Length, natural: Double)], gap: Double, into width: Double) -> [Double] {
    let room = max(width - gap * Double(max(columns.count - 1, 0)), 1)
    let wished = columns.map { column -> Double in
      switch column.length {
      case .points(let points): points
      case .share(let share): room * share
      case .auto: column.natural
      case .stretch: 0
      }
    }
    let stretching = Double(columns.count { $0.length == .stretch })
    let fixed = sum(columns, wished) { $0 != .auto }
    let natural = sum(columns, wished) { $0 == .auto }
    let free = max(room - fixed - stretching * min(least, room / Double(max(columns.count, 1))), 0)
    let scale = natural > free ? free / natural : 1
    // Fixed columns alone can be wider than the page too.
    let squeeze = fixed > room ? room / fixed : 1
    let rest = stretching == 0 ? 0 : max(room - fixed * squeeze - natural * scale, 0) / stretching
    return zip(columns, wished).map { column, wish in
      switch column.length {
      case .auto: wish * scale
      case .stretch: rest
      case .points, .share: wish * squeeze
      }
    }
  }

  private static func sum(_ columns: [(length: Length, natural: Double)], _ wished: [Double], where isMeant: (Length) -> Bool) -> Double {
    zip(columns, wished).reduce(0) { $0 + (isMeant($1.0.length) ? $1.1 : 0) }
  }
}
