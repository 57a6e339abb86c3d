/// Divides strips between pages.
struct Pagination {
  struct Page {
    var strips: [(strip: Strip, y: Double)] = []
  }

  private(set) var pages = [Page()]
  private let firstHeight: Double
  private let height: Double
  /// The end of what is on the last page.
  private var y = 0.0
  private var last: (table: TableFrame, carry: String?)?

  /// More than any document has.
  private static let mostPages = 2_000

  /// The heights that the first page has, and the others.
  static func pages(of strips: [Strip], firstHeight: Double, height: Double) throws(PDFError) -> [Page] {
    var pagination = Pagination(firstHeight: firstHeight, height: height)
    var index = 0
    while index < strips.count {
      var end = index + 1
      while end < strips.count, strips[end - 1].isKeptWithNext, !strips[end].startsPage { end += 1 }
      try pagination.place(strips[index..<end], before: end < strips.count ? strips[end] : nil)
      index = end
    }
    return pagination.pages
  }

  private init(firstHeight: Double, height: Double) { (self.firstHeight, self.height) = (firstHeight, height) }

  private var room: Double { (pages.count == 1 ? firstHeight : height) - y }
  private var isEmpty: Bool { pages[pages.count - 1].strips.isEmpty }

  /// What belongs together, if a page can hold it.
  private mutating func place(_ strips: ArraySlice<Strip>, before next: Strip?) throws(PDFError) {
    guard let first = strips.first else { return }
    if first.startsPage, !isEmpty { try startPage(before: first) }
    if needed(strips, before: next) > room, !isEmpty { try startPage(before: first) }
    if needed(strips, before: next) <= room { return strips.forEach { add($0) } }
    for (index, strip) in zip(strips.indices, strips) {
      let following = index + 1 < strips.endIndex ? strips[index + 1] : next
      if needed([strip], before: following) > room, !isEmpty { try startPage(before: strip) }
      add(strip)
    }
  }

  /// With the sum carried forward, if the table goes on.
  private func needed(_ strips: ArraySlice<Strip>, before next: Strip?) -> Double {
    let height = strips.reduce((height: 0.0, isFirst: isEmpty)) { ($0.height + $1.space(isFirst: $0.isFirst), false) }.height
    guard let table = strips.last?.table, table === next?.table else { return height }
    return height + table.carryHeight
  }

  private mutating func add(_ strip: Strip) {
    if !isEmpty { y += strip.gap }
    pages[pages.count - 1].strips.append((strip, y))
    y += strip.height
    last = strip.table.map { ($0, strip.carry) }
  }

  private mutating func startPage(before next: Strip) throws(PDFError) {
    guard pages.count < Self.mostPages else { throw .tooLarge }
    let last = last
    let continues = last != nil && last?.table === next.table
    if continues, let last, let sum = last.carry, let strip = try last.table.carriedForward(sum) { add(strip) }
    pages.append(Page())
    y = 0
    guard continues, let last else { return }
    for strip in last.table.head { add(strip) }
    if let sum = last.carry, let strip = try last.table.broughtForward(sum) { add(strip) }
    if next.continuesRow, !isEmpty { y += last.table.padding }
  }
}
