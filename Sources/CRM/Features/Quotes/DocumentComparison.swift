import Admin
import Base

/// What is different between two versions of a document: which lines are the same ones, and what changed in them.
struct DocumentComparison {
  /// A line before and after, by their places; one of them is missing where it was added or removed.
  struct Pair: Equatable {
    var before: Int?
    var after: Int?
  }

  /// All lines in the order that they have after; those that were removed are where they were.
  let pairs: [Pair]
  /// Whether lines that are in both have another order.
  let isReordered: Bool

  init(_ before: [DocumentLine], _ after: [DocumentLine]) {
    var partner = [Int?](repeating: nil, count: after.count)
    var left = Set(before.indices)
    func match(_ isSame: (Int, Int) -> Bool) {
      for index in after.indices where partner[index] == nil {
        guard let found = before.indices.first(where: { left.contains($0) && isSame($0, index) }) else { continue }
        partner[index] = found
        left.remove(found)
      }
    }
    func isAlike(_ old: DocumentLine, _ new: DocumentLine) -> Bool {
      old.kind.isPriced == new.kind.isPriced && (old.kind.isPriced || old.kind == new.kind)
    }
    func isNamedAlike(_ old: DocumentLine, _ new: DocumentLine) -> Bool {
      isAlike(old, new) && old.product == new.product && old.name == new.name
    }
    /// Of two products one isn't the other, whatever their places.
    func canBecome(_ old: DocumentLine, _ new: DocumentLine) -> Bool {
      isAlike(old, new) && (old.product.isEmpty || new.product.isEmpty || old.product == new.product)
    }
    // An id can be another line's in a later version, so it decides only between lines that are alike.
    match { isNamedAlike(before[$0], after[$1]) && before[$0].id == after[$1].id }
    match { isNamedAlike(before[$0], after[$1]) }
    match { isAlike(before[$0], after[$1]) && !before[$0].product.isEmpty && before[$0].product == after[$1].product }
    match { canBecome(before[$0], after[$1]) && before[$0].id == after[$1].id }
    match { canBecome(before[$0], after[$1]) && $0 == $1 }

    let kept = partner.compactMap { $0 }
    isReordered = zip(kept, kept.dropFirst()).contains { $0 > $1 }
    // Behind the line that it followed.
    var pairs = after.indices.map { Pair(before: partner[$0], after: $0) }
    for removed in left.sorted() {
      let place = pairs.lastIndex { pair in pair.before.map { $0 < removed } ?? false }.map { $0 + 1 } ?? 0
      pairs.insert(Pair(before: removed, after: nil), at: place)
    }
    self.pairs = pairs
  }
}
