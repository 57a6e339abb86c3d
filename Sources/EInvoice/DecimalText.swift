/// Writes integers that count decimal steps, exactly.
enum DecimalText {
  /// 12500 with 3 places is `12.500`; of those beyond `fewest`, none that end in zeros.
  static func of(_ n: some BinaryInteger, places: Int, fewest: Int? = nil) -> String {
    let digits = String(n.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
    var fraction = padded.suffix(places)
    while fraction.utf8.count > fewest ?? places, fraction.last == "0" { fraction.removeLast() }
    return (n < 0 ? "-" : "") + padded.dropLast(places) + (fraction.isEmpty ? "" : "." + fraction)
  }
}
