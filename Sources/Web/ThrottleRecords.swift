/// The records of a limited number of keys.
struct ThrottleRecords {
  private let capacity: Int
  private var records: [String: (record: ThrottleRecord, touched: Int)] = [:]
  private var touches = 0

  init(capacity: Int) { self.capacity = max(2, capacity) }

  subscript(_ key: String) -> ThrottleRecord? {
    get { records[key]?.record }
    set {
      touches += 1
      records[key] = newValue.map { (record: $0, touched: touches) }
      if records.count > capacity { forgetHalf() }
    }
  }

  /// Evicts the least recently used half at once, so that the sorting cost is spread over many new keys.
  private mutating func forgetHalf() {
    let middle = records.values.map(\.touched).sorted()[records.count / 2]
    records = records.filter { $0.value.touched > middle }
  }
}
