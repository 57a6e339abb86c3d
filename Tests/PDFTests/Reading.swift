import Base
import Foundation

@testable import PDF

extension PDF {
  /// The same with what most tests don't care about.
  static func render(
    _ markup: String, language: String = "en", images: [String: [UInt8]] = [:], codes: [String: PDFCode] = [:]
  ) throws(PDFError) -> PDFFile {
    try render(
      Array(markup.utf8), language: language, title: "INV-2026-007", author: "Helios A.E.",
      createdAt: Timestamp(milliseconds: 1_795_687_200_000), images: images, codes: codes)
  }
}

extension PDFFile {
  /// The output of one of poppler's programs for this file.
  func read(_ program: String, _ arguments: [String] = []) throws -> [UInt8] {
    let path = NSTemporaryDirectory() + "roost-\(UUID()).pdf"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/" + program)
    process.arguments = arguments + [path] + (program == "pdftotext" ? ["-"] : [])
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(data)
  }

  /// The text of each page, laid out as on paper.
  func pages() throws -> [String] {
    let text = String(decoding: try read("pdftotext", ["-layout"]), as: UTF8.self)
    return text.components(separatedBy: "\u{0C}").dropLast()
  }

  func info(_ arguments: String...) throws -> String { String(decoding: try read("pdfinfo", arguments), as: UTF8.self) }
}

/// A table of these rows, after which other markup follows.
func table(_ rows: [String], then end: String = "") -> String {
  """
  <article><footer><p class="pages">Page {page} of {pages}</p></footer>
  <table data-carried-forward="Carried forward" data-brought-forward="Brought forward">
  <colgroup><col><col data-width="stretch"><col class="number"></colgroup>
  <thead><tr><th>Number</th><th>Item</th><th>Amount</th></tr></thead>
  <tbody>\(rows.joined(separator: "\n"))</tbody></table>\(end)</article>
  """
}

/// `count` rows of 10.00 each.
func rows(_ count: Int) -> [String] {
  (1...count).map {
    "<tr data-carry=\"sum \($0)0.00\"><td>row \($0)</td><td>Thing<p class=\"small\">of row \($0)</p></td><td>10.00</td></tr>"
  }
}
