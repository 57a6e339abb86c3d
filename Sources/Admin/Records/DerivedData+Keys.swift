import Store

extension DerivedData {
  /// The folded texts that a type's records keep so that lists sort by them; `nil` where they keep none.
  static func keys(of type: RecordType) -> DerivedData? {
    let pairs = type.fields.compactMap { field in field.keyColumn.map { (key: $0, column: field.columns[0]) } }
    guard !pairs.isEmpty else { return nil }
    let wrong = pairs.map { "\($0.key) <> \(SQL.folded($0.column))" }.joined(separator: " OR ")
    let repair = pairs.map { "\($0.key) = \(SQL.folded($0.column))" }.joined(separator: ", ")
    return DerivedData(
      name: "the order of \(type.table)", repair: "UPDATE \(type.table) SET \(repair) WHERE \(wrong);",
      pieces: Pieces(
        wrong: "SELECT seq FROM \(type.table) WHERE \(wrong)",
        repair: "UPDATE \(type.table) SET \(repair) WHERE seq IN (SELECT seq FROM wrong)"))
  }
}
