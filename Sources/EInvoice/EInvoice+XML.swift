import Base
import Money
package import XML

extension EInvoice {
  /// The document in UBL 2.1, or everything that keeps it from being written.
  package func xml() throws(EInvoiceErrors) -> [UInt8] { try element().document() }

  /// The same as elements, in the order that the schemas of UBL want.
  package func element() throws(EInvoiceErrors) -> XMLElement {
    let problems = problems()
    guard problems.isEmpty, let places = Currency.places(of: totals.currency) else { throw EInvoiceErrors(all: problems) }
    let writer = UBLWriter(invoice: self, figures: try figures(places), money: AmountWriter(currency: totals.currency, places: places))
    return writer.document()
  }

  private func figures(_ places: Int) throws(EInvoiceErrors) -> Figures {
    let figures: Figures
    do throws(MoneyError) {
      figures = try Figures(document, totals, places: places)
    } catch {
      throw EInvoiceErrors(all: [.tooLarge])
    }
    guard figures.addUp(to: totals) else { throw EInvoiceErrors(all: [.figuresDiffer]) }
    return figures
  }
}
