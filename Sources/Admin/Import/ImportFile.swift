package import Base
import Store
import Templating

#if canImport(Glibc)
  import Glibc
#endif

/// A CSV file that is to be imported.
package struct ImportFile: Sendable {
  let path: String
  let table: CSVTable
  /// When it was last written to.
  let time: Timestamp

  var heading: [String] { table.heading }
  /// The last part of its path.
  var name: String { String(path.split(separator: "/").last ?? "") }

  package init(path: String, encoding: TextEncoding?) throws {
    self.path = path
    do { table = try CSVTable(path: path, encoding: encoding) } catch { throw ImportRefusal(description: "\(path): \(error)") }
    if table.heading.isEmpty { throw ImportRefusal(description: "\(path) is empty: its first line names the columns") }
    var status = stat()
    stat(path, &status)
    time = Timestamp(milliseconds: Int64(status.st_mtim.tv_sec) * 1_000)
  }

  /// The form in which headings are compared: `First name`, `first_name` and `FIRST-NAME` are the same.
  static func key(_ heading: String) -> String {
    String(TextFolding.fold(heading).map { $0 == " " || $0 == "-" ? "_" : $0 })
  }

  /// Refuses what is missing.
  func refuse(without column: String, for what: String) -> ImportRefusal {
    ImportRefusal(description: "\(path) has no column “\(column)”; \(what) need it")
  }

  func refuseDouble(_ first: String, _ second: String) -> ImportRefusal {
    ImportRefusal(
      description: first == second ? "\(path) has the column “\(first)” twice" : "\(path) has one column twice: “\(first)” and “\(second)”")
  }
}

/// A row that is skipped, and why.
package struct ImportProblem: Error, Sendable {
  package let line: Int
  package let reason: String

  package init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }
}

extension ImportProblem {
  /// A value under a heading is wrong.
  package init(_ line: Int, _ heading: String, _ message: Message) {
    self.init(line: line, reason: "\(heading): \(message.text(in: .english))")
  }

  /// What a row's failure means: a rule of the database that it breaks is a problem of the row, anything else one of the whole import.
  package init(_ error: any Error, line: Int) throws {
    switch error {
    case let problem as ImportProblem: self = problem
    case let error as StoreError where error.constraint == .unique(["records.id"]):
      self.init(line: line, reason: "id: another record has this id")
    case let error as StoreError where error.constraint != nil: self.init(line: line, reason: error.message)
    default: throw error
    }
  }
}

/// Why nothing was imported at all.
package struct ImportRefusal: Error, CustomStringConvertible {
  package let description: String
}
