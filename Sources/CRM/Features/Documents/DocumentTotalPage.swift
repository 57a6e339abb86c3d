import Admin
import Base
import Money
import Store
import Templating
import Web

/// Why a document comes to its total: every figure with how it was computed, in the order in which somebody with a calculator would follow.
struct DocumentTotalPage: Sendable {
  /// As a function, since a type's panels name its pages.
  let type: @Sendable () -> RecordType
  let resource: Resource
  let path: String

  var route: Route { .get(path + "/{id}/total", .see(resource), effort: .read, show) }

  private static let stepShape = ViewSchema(
    "total-step", [("label", .text), ("how", .text), ("note", .text), ("value", .text), ("isResult", .bool)])
  private static let groupShape = ViewSchema("total-group", [("title", .text), ("steps", .list(.record(stepShape)))])
  private static let partShape = ViewSchema(
    "total-part", [("id", .text), ("title", .text), ("text", .text), ("groups", .list(.record(groupShape)))])
  static let shape = ViewSchema(
    "document-total",
    [
      ("record", .record(RecordFrame.shape)), ("currency", .text), ("prices", .text), ("total", .text), ("differs", .optional(.text)),
      ("problem", .optional(.text)), ("parts", .list(.record(partShape))),
    ])

  @Sendable private func show(_ context: RequestContext) throws -> Response {
    let type = type()
    let header = try context.header(of: type)
    let scope = try context.scope(of: resource)
    guard let record = try context.store.read({ db in try RecordStore.find(header.id, of: type, scope, in: db) }) else {
      throw HTTPError.notFound
    }
    let document = DocumentValues(record)
    let view = DocumentView(document, context.formats)
    var (parts, problem): ([TotalExplanation.Part], Message?) = ([], nil)
    var computed: Int64?
    do throws(DocumentErrors) {
      let totals = try document.totals(paid: document.minor("paid"), traced: true)
      parts = TotalExplanation(document, totals, view).parts
      computed = totals.gross
    } catch {
      problem = error.errors.first
    }
    // What was fixed long ago stays as it is, even if a later version computed otherwise.
    let stored = document.minor("total")
    return try context.page(
      "documents/total",
      ViewData(
        Self.shape,
        [
          .record(try RecordFrame.record(header, type, tab: "total", for: context)), .text(document.currency),
          .text(
            context.text(
              document["prices"].text == "gross" ? Message("Prices include VAT.") : Message("Prices are without VAT."))),
          .text(view.money(stored)), computed.map { $0 == stored } ?? true ? .null : .text(view.money(computed ?? 0)),
          problem.map { .text(context.text($0)) } ?? .null, .list(parts.map { .record(data($0, context)) }),
        ]))
  }

  private func data(_ part: TotalExplanation.Part, _ context: RequestContext) -> ViewData {
    ViewData(
      Self.partShape,
      [
        .text(part.id), .text(context.text(part.title)), .text(context.text(part.text)),
        .list(
          part.groups.map { group in
            .record(
              ViewData(
                Self.groupShape,
                [
                  .text(group.title),
                  .list(
                    group.steps.map { step in
                      .record(
                        ViewData(
                          Self.stepShape,
                          [
                            .text(context.text(step.label)), .text(step.how), .text(step.note.map { context.text($0) } ?? ""),
                            .text(step.value), .bool(step.isResult),
                          ]))
                    }),
                ]))
          }),
      ])
  }
}

/// The steps of a document's totals in words and figures. The figures are those of the trace; nothing is computed here but what a formula reads like.
struct TotalExplanation {
  struct Step {
    let label: Message
    let how: String
    let note: Message?
    let value: String
    let isResult: Bool
  }

  struct Group {
    let title: String
    var steps: [Step] = []
  }

  struct Part {
    let id: String
    let title: Message
    let text: Message
    var groups: [Group] = []
  }

  private let document: DocumentValues
  private let totals: DocumentTotals
  private let view: DocumentView
  private var currency: String { document.currency }

  init(_ document: DocumentValues, _ totals: DocumentTotals, _ view: DocumentView) {
    (self.document, self.totals, self.view) = (document, totals, view)
  }

  var parts: [Part] {
    let lines = document.lines
    let priced = try? document.priced()
    func code(of line: Int) -> Money.VATCode? { (priced?.lines[line]).flatMap { $0?.vat } }
    func name(of code: Money.VATCode) -> String {
      let known = lines.indices.first { isSame(code, priced, $0) }.flatMap { lines[$0].vat?.name } ?? ""
      return known.isEmpty ? view.percent(code.rate.units) : known
    }
    // Headings and notes have no figures, and no numbers.
    var count = 0
    let titles = lines.map { line -> String in
      if line.kind.isPriced { count += 1 }
      return "\(count). " + line.name
    }
    var byLine = titles.map { Group(title: $0) }
    var shared: [Money.VATCode: Group] = [:]
    var taxed: [Money.VATCode: Group] = [:]
    var (sums, end) = (Group(title: ""), Group(title: ""))
    for step in totals.trace {
      func add(_ label: Message, to group: inout Group, isResult: Bool = false) {
        group.steps.append(
          Step(
            label: label, how: how(step), note: note(step), value: view.number(step.value), isResult: isResult))
      }
      func add(_ label: Message, to groups: inout [Money.VATCode: Group], _ code: Money.VATCode?, isResult: Bool = false) {
        guard let code else { return }
        add(label, to: &groups[code, default: Group(title: name(of: code))], isResult: isResult)
      }
      func line(_ n: Int) -> [String: String] { ["line": titles[n]] }
      switch step.figure {
      case .lineAmount(let n): add(Message("Quantity × price"), to: &byLine[n])
      case .lineDiscount(let n): add(Message("Discount on the line"), to: &byLine[n])
      case .lineTotal(let n): add(Message("Total of the line"), to: &byLine[n], isResult: true)
      case .sumOfLines: add(Message("Sum of all lines"), to: &sums, isResult: true)
      case .documentDiscount: add(Message("Discount on everything"), to: &sums)
      case .sumOfCharges where totals.charges == 0, .groupCharges where totals.charges == 0: break
      case .sumOfCharges: add(Message("Shipping"), to: &sums)
      case .groupDiscount(let code): add(Message("Share of these lines together"), to: &shared, code, isResult: true)
      case .lineSharedDiscount(let n): add(Message("Share of {line}", line(n)), to: &shared, code(of: n))
      case .groupLineTotal(let code): add(Message("Lines with this VAT"), to: &taxed, code)
      case .groupCharges(let code): add(Message("Shipping with this VAT"), to: &taxed, code)
      case .groupGross(let code): add(Message("Including VAT"), to: &taxed, code)
      case .groupTaxable(let code): add(Message("Taxable amount"), to: &taxed, code, isResult: true)
      case .groupVAT(let code): add(Message("VAT"), to: &taxed, code, isResult: true)
      case .lineTaxable(let n): add(Message("Taxable part of {line}", line(n)), to: &taxed, code(of: n))
      case .net: add(Message("Net total"), to: &end)
      case .vat: add(Message("VAT"), to: &end)
      case .gross: add(Message("Total"), to: &end, isResult: true)
      case .payable: add(Message("Rounded to coins"), to: &end)
      case .due: add(Message("Still to be paid"), to: &end)
      }
    }
    let codes = totals.vatGroups.map(\.code)
    let shares =
      totals.discount == 0
      ? []
      : [
        Part(
          id: "shares", title: Message("Sharing the discount"),
          text: Message(
            "The discount on everything is shared in proportion: first rounded down, then those that lost most by it get one smallest unit more, until the shares add up."
          ), groups: codes.compactMap { shared[$0] })
      ]
    return [
      Part(
        id: "lines", title: Message("Lines"),
        text: Message("Each figure is rounded by itself, half a unit away from zero."), groups: byLine.filter { !$0.steps.isEmpty }),
      Part(id: "sums", title: Message("Sums"), text: Message("Before VAT."), groups: [sums]),
    ] + shares + [
      Part(
        id: "vat", title: Message("VAT"), text: Message("VAT is computed once for each rate, from the sum of its taxable amounts."),
        groups: codes.compactMap { taxed[$0] }),
      Part(id: "totals", title: Message("Totals"), text: Message("What the document shows at its end."), groups: [end]),
    ]
  }

  private func isSame(_ code: Money.VATCode, _ priced: PricedDocument?, _ line: Int) -> Bool {
    (priced?.lines[line]).flatMap { $0?.vat } == code
  }

  // MARK: Formulas

  private func how(_ step: TraceStep) -> String {
    let language = view.formats.language
    func n(_ minor: Int64) -> String { view.number(minor) }
    switch step.formula {
    case .typed: return language.text("as entered")
    case .product(let quantity, let price):
      let exact = Product.quantity.display(Product.quantity.text(.integer(Int(quantity.thousandths))), view.formats)
      return "\(exact) × \(unit(price))"
    case .percentage(let percentage, let amount):
      return language.text("{percent} of {amount}", ["percent": .text(view.percent(percentage.units)), "amount": .text(n(amount))])
    case .sum(let amounts):
      // What adds nothing says nothing, unless there is nothing else.
      let said = amounts.filter { $0 != 0 }
      guard let first = said.first else { return n(0) }
      return said.dropFirst().reduce(n(first)) { $0 + ($1 < 0 ? " − " + n(-$1) : " + " + n($1)) }
    case .difference(let a, 0): return n(a)
    case .difference(let a, let b): return "\(n(a)) − \(n(b))"
    case .share(let share):
      if case .lineTaxable = step.figure {
        return "\(n(share.amount)) × \(view.percent(share.weight)) ÷ \(view.percent(share.whole))" + exact(share)
      }
      return "\(n(share.amount)) × \(n(share.weight)) ÷ \(n(share.whole))" + exact(share)
    case .withoutVAT(let gross, let rate):
      let whole = Percentage.whole.units
      return "\(n(gross)) × \(view.percent(whole)) ÷ \(view.percent(whole + rate.units))"
    case .rounded(let amount, let step):
      return language.text("{amount}, to a multiple of {step}", ["amount": .text(n(amount)), "step": .text(n(step))])
    }
  }

  /// What a share is before it is rounded, to three more decimals, where it needs to be rounded.
  private func exact(_ share: Share) -> String {
    let (product, isTooLarge) = (Int128(share.amount) * Int128(share.weight)).multipliedReportingOverflow(by: 1_000)
    guard !isTooLarge else { return "" }
    let (thousandths, rest) = product.quotientAndRemainder(dividingBy: Int128(share.whole))
    guard rest != 0 || thousandths % 1_000 != 0, let units = Int(exactly: thousandths) else { return "" }
    let kind = MoneyField(extraPlaces: 3)
    let text = kind.display(kind.text(.amount(units, currency: currency)), view.formats)
    return " = " + plain(text) + (rest == 0 ? "" : "…")
  }

  private func note(_ step: TraceStep) -> Message? {
    if isCorrected(step) { return Message("adjusted so that all credit notes add up to the invoice") }
    guard case .share(let share) = step.formula, !exact(share).isEmpty else { return nil }
    return share.isRoundedUp ? Message("rounded up") : Message("rounded down")
  }

  private func isCorrected(_ step: TraceStep) -> Bool {
    guard case .sum = step.formula else { return false }
    switch step.figure {
    case .lineTotal, .groupVAT, .lineTaxable: return true
    case .groupTaxable: return totals.prices == .gross
    default: return false
    }
  }

  private func unit(_ price: UnitPrice) -> String {
    let kind = MoneyField(extraPlaces: UnitPrice.extraPlaces)
    return plain(kind.display(kind.text(.amount(Int(price.units), currency: currency)), view.formats))
  }

  private func plain(_ text: String) -> String {
    text.hasSuffix("\u{A0}" + currency) ? String(text.dropLast(currency.count + 1)) : text
  }
}
