import EInvoice
import Foundation
import TestKit
import Testing

/// All invoices add up, and with `EINVOICE_FILES` they are written into that folder for the official rules.
struct AllInvoicesTests {
  private static let folder = ProcessInfo.processInfo.environment["EINVOICE_FILES"].map { URL(fileURLWithPath: $0) }

  private func check(_ name: String, _ invoice: EInvoice) throws {
    StrictSums(try invoice.element()).check(name, invoice.totals)
    let bytes = try invoice.xml()
    guard let folder = Self.folder else { return }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: folder.appending(path: name + ".xml"))
  }

  @Test(arguments: Invoices.all.map(\.name)) func `invoices of all kinds`(_ name: String) throws {
    for (found, invoice) in Invoices.all where found == name { try check(name, invoice) }
  }

  @Test func `random invoices`() throws {
    var (random, count) = (SplitMix(seed: 5), 0)
    while count < 200 {
      guard let invoice = try Invoices.random(&random) else { continue }
      count += 1
      try check("random-\(count)", invoice)
    }
  }
}
