import Base
package import Store

/// Dates, and moments compared by their date in the user's time zone.
package struct DateComparison: Comparison {
  /// Whether moments are compared, and not days.
  var ofMoments = false
  /// Whether “today” is the office's day.
  var ofBusiness = false

  package init(ofMoments: Bool = false, ofBusiness: Bool = false) {
    (self.ofMoments, self.ofBusiness) = (ofMoments, ofBusiness)
  }

  package var operators: [FilterOperator] { [.isAnyOf, .isNoneOf, .before, .until, .after, .since, .between, .isEmpty, .isNotEmpty] }

  package func operand(_ text: String, of operator: FilterOperator) throws(InvalidValue) -> String {
    guard let operand = DateOperand(text), operand.isOneDay || `operator`.arity == .several else {
      throw InvalidValue(
        `operator`.arity == .several
          ? Message("Enter a date like 2026-11-20, or today, this_week, this_month, last_30_days or next_7_days.")
          : Message("Enter a date like 2026-11-20, or today."))
    }
    return operand.text
  }

  package func condition(_ operator: FilterOperator, _ operands: [String], on place: FieldPlace, _ moment: FilterMoment) -> SQL {
    let ranges = operands.compactMap { DateOperand($0)?.days(at: moment, ofBusiness: ofBusiness) }
    guard let first = ranges.first, let last = ranges.last else { return `operator` == .isEmpty ? place.isEmpty : place.isNotEmpty }
    let column = place.column
    return switch `operator` {
    case .before: place.withValue("\(raw: column) < \(start(of: first.lowerBound, moment))")
    case .until: place.withValue(upTo(first.upperBound, column, moment))
    case .after: place.withValue(after(first.upperBound, column, moment))
    case .since: place.withValue("\(raw: column) >= \(start(of: first.lowerBound, moment))")
    case .between:
      within(min(first.lowerBound, last.lowerBound)...max(first.upperBound, last.upperBound), column, moment)
    case .isNoneOf: "coalesce(NOT \(any(ranges, column, moment)), true)"
    default: any(ranges, column, moment)
    }
  }

  package func display(_ operand: String, _ formats: Formats, within reach: RecordReach, in db: Database) -> String {
    DateOperand(operand)?.display(formats) ?? operand
  }

  package func input(for operator: FilterOperator) -> FilterInput { FilterInput(PeriodField(isOneDay: `operator`.arity != .several)) }

  package func sortKey(_ place: FieldPlace) -> Column.Sort.Key? {
    Column.Sort.Key(place.column, startsDescending: ofMoments, empty: place.empty)
  }

  private func any(_ ranges: [ClosedRange<Day>], _ column: String, _ moment: FilterMoment) -> SQL {
    ranges.count == 1
      ? within(ranges[0], column, moment) : "(\(SQL(joining: ranges.map { within($0, column, moment) }, separator: " OR ")))"
  }

  /// An empty text comes before every day, so a range leaves it out by itself.
  private func within(_ days: ClosedRange<Day>, _ column: String, _ moment: FilterMoment) -> SQL {
    "(\(raw: column) >= \(start(of: days.lowerBound, moment)) AND \(upTo(days.upperBound, column, moment)))"
  }

  private func upTo(_ day: Day, _ column: String, _ moment: FilterMoment) -> SQL {
    ofMoments ? "\(raw: column) < \(start(of: day.adding(days: 1), moment))" : "\(raw: column) <= \(day.text)"
  }

  private func after(_ day: Day, _ column: String, _ moment: FilterMoment) -> SQL {
    ofMoments ? "\(raw: column) >= \(start(of: day.adding(days: 1), moment))" : "\(raw: column) > \(day.text)"
  }

  /// With what the first value of a day is compared: the day itself, or the moment at which it begins there.
  private func start(of day: Day, _ moment: FilterMoment) -> String {
    guard ofMoments, let midnight = WallTime(day.text + "T00:00") else { return day.text }
    return moment.zone.moment(of: midnight)?.text ?? day.text
  }
}
