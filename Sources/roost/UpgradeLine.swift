import Store

/// Reports the upgrade of the database: on a terminal as a progress line, elsewhere (a service's log) as one line per
/// part.
final class UpgradeLine {
  private let line = ProgressLine()
  private var said = ""

  func show(_ progress: UpgradeProgress) {
    let part: String
    var rest = ""
    switch progress.work {
    case .step(let name, let number, let count, let statement):
      part = "upgrading the database, step \(number) of \(count): \(name)"
      rest = ": \(statement)"
    case .rows(let name, let done, let all):
      part = "upgrading the database: \(name)"
      rest = all > 0 ? ", \(done) of \(all)" : ""
    case .references(let table): part = "upgrading the database: checking the references of \(table)"
    }
    if progress.seconds > 0 { rest += ", \(progress.seconds) s" }
    if line.isShown {
      line.show(part + rest)
    } else if part != said {
      Commands.complain("roost: \(part)\n")
      said = part
    }
  }

  func end() { line.end() }
}
