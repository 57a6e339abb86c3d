import Admin
import Base
import Money
import Store

extension Product {
  /// Costs are in one currency, prices make sense beside each other, and what has a stock history stays. Only what a change touches is looked at.
  @Sendable static func rule(_ change: ProposedChange, _ act: ActContext) throws -> ValidationErrors {
    switch change {
    case .create(let values): return errors(values, over: nil)
    case .save(let record, let values): return errors(values, over: record.values)
    case .delete(let header):
      guard try StockStore.hasMovements(header.id, in: act.db) else { return ValidationErrors() }
      return ValidationErrors(
        "", Message("This product has stock movements, so it can’t be deleted. Restore it and make it inactive instead."))
    case .trash(let header):
      guard try StockStore.stock(of: header.id, in: act.db).reserved > 0 else { return ValidationErrors() }
      return ValidationErrors("", Message("Orders have reserved this product. Make it inactive instead."))
    case .restore: return ValidationErrors()
    }
  }

  private static func errors(_ values: [FieldValue], over stored: [FieldValue]?) -> ValidationErrors {
    let type = RecordType.product
    var errors = ValidationErrors()
    func value(_ name: String) -> FieldValue { type.index(of: name).map { values[$0] } ?? .empty }
    func isChanged(_ names: String...) -> Bool {
      guard let stored else { return true }
      return names.contains { name in type.index(of: name).map { values[$0] != stored[$0] } ?? false }
    }
    if isChanged("cost_parts", "labour", "hourly_rate", "inbound_shipping") {
      do throws(MoneyError) {
        _ = try cost(value).total()
      } catch .otherCurrency {
        errors.add("cost_parts", Message("All costs of a product must be in one currency."))
      } catch {
        errors.add("cost_parts", Message("These amounts are too large."))
      }
      if value("labour").number ?? 0 > 0, value("hourly_rate").isEmpty { errors.add("hourly_rate", Message("Enter an hourly rate.")) }
      for (index, row) in costParts.rows(in: value("cost_parts")).enumerated() {
        if case .amount(let minor, _) = row[1], minor < 0 {
          errors.add("\(costParts.row)-\(index)", Message("An amount can’t be negative."))
        }
      }
    }
    if isChanged("prices") {
      var seen: Set<String> = []
      for (index, row) in prices.rows(in: value("prices")).enumerated() {
        let input = "\(prices.row)-\(index)"
        if !row[3].isEmpty, !row[4].isEmpty, row[4].text < row[3].text {
          errors.add(input, Message("The last day is before the first."))
        }
        if case .amount(let units, let currency) = row[1] {
          if units < 0 { errors.add(input, Message("An amount can’t be negative.")) }
          let key = [TextFolding.fold(row[0].text), currency, String(row[2].number ?? 0), row[3].text].joined(separator: "\n")
          if !seen.insert(key).inserted { errors.add(input, Message("This price is listed twice.")) }
        }
      }
    }
    for name in ["price", "hourly_rate", "inbound_shipping"] where isChanged(name) {
      if case .amount(let units, _) = value(name), units < 0 { errors.add(name, Message("An amount can’t be negative.")) }
    }
    return errors
  }
}
