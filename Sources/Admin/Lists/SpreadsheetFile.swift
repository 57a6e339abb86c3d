import Base
package import Store
import Synchronization
import Templating
package import Web

/// A CSV file that is sent while it is read, for a program or for a person's spreadsheet.
package enum SpreadsheetFile {
  /// `formats` are those of a spreadsheet's reader: theirs opens files whose fields are separated by `;` where the decimal mark is a comma. `next` gives
  /// some rows at a time; `nil` when all are there.
  package static func response(
    _ disposition: String, heading: [String], _ formats: Formats?, from store: Store,
    _ next: @escaping @Sendable (Database) throws -> [[String]]?
  ) -> Response {
    let separator: CSVWriter.Separator = formats?.language.marks.decimal == "," ? .semicolon : .comma
    let hasHeading = Mutex(false)
    var response = Response(status: 200)
    response.headers.set("Content-Type", "text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", disposition)
    response.body = .stream {
      let rows = try store.read { db in try next(db) }
      return hasHeading.withLock { hasHeading -> [UInt8]? in
        if rows == nil, hasHeading { return nil }
        var bytes: [UInt8] = []
        if !hasHeading {
          if formats != nil { bytes += CSVWriter.byteOrderMark }
          CSVWriter.append(heading, to: &bytes, separator: separator)
        }
        hasHeading = true
        for row in rows ?? [] { CSVWriter.append(row, to: &bytes, guardFormulas: true, separator: separator) }
        return bytes
      }
    }
    return response
  }
}
