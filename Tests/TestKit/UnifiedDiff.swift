/// A line diff with three lines of context: the output of `diff -u` without the file names.
package struct UnifiedDiff {
  /// Empty if the texts are equal.
  package let text: String

  private enum Line {
    case same(String), removed(String), added(String)

    var isSame: Bool { if case .same = self { true } else { false } }

    var written: String {
      switch self {
      case .same(let line): "  " + line
      case .removed(let line): "- " + line
      case .added(let line): "+ " + line
      }
    }
  }

  /// Compares `old` with `new`.
  package init(from old: String, to new: String, context: Int = 3) {
    let lines = UnifiedDiff.align(old.components(), new.components())
    let changed = lines.indices.filter { !lines[$0].isSame }
    var written: [String] = []
    var end = 0
    for index in changed {
      let start = max(end, index - context)
      if start > end || end == 0 { written.append(UnifiedDiff.heading(lines, at: start)) }
      let stop = min(lines.count, index + context + 1)
      if stop > start { written += lines[start..<stop].map(\.written) }
      end = max(end, stop)
    }
    text = written.joined(separator: "\n")
  }

  /// Both texts as one sequence: removals before additions at each position.
  private static func align(_ old: [Substring], _ new: [Substring]) -> [Line] {
    var removed = Set<Int>()
    var added = Set<Int>()
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var lines: [Line] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      if removed.contains(i) {
        lines.append(.removed(String(old[i])))
        i += 1
      } else if added.contains(j) {
        lines.append(.added(String(new[j])))
        j += 1
      } else {
        lines.append(.same(String(new[j])))
        i += 1
        j += 1
      }
    }
    return lines
  }

  private static func heading(_ lines: [Line], at start: Int) -> String {
    let before = lines[..<start].filter { if case .added = $0 { false } else { true } }.count
    return "@@ line \(before + 1) @@"
  }
}

extension String {
  fileprivate func components() -> [Substring] { split(separator: "\n", omittingEmptySubsequences: false) }
}
