import Admin
import Base
import Store
import Templating

/// All that is held about a person, in sections that people and programs can read.
struct PersonalData {
  /// One kind of data: a heading and a table.
  struct Section {
    /// The name of its file, and in JSON.
    let name: String
    let title: String
    let columns: [Column]
    let rows: [[String]]
  }

  struct Column {
    /// In files.
    let name: String
    let label: String
    /// What a person reads in place of the exact text, in its row.
    var show: @Sendable (_ text: String, _ row: [String], Formats) -> String = { text, _, _ in text }
  }

  /// A file of theirs: its name in the archive, and where its bytes are.
  struct Attachment {
    let name: String
    let path: String
  }

  let name: String
  var sections: [Section] = []
  var attachments: [Attachment] = []

  var fileName: String {
    let letters = TextFolding.fold(name).map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return String(letters.prefix(40)).split(separator: "-").joined(separator: "-")
  }

  // MARK: For programs

  func csv(_ section: Section) -> [UInt8] {
    var bytes = CSVWriter.byteOrderMark
    CSVWriter.append(section.columns.map(\.name), to: &bytes)
    for row in section.rows { CSVWriter.append(row, to: &bytes, guardFormulas: true) }
    return bytes
  }

  var json: JSON {
    .object(
      sections.map { section in
        JSON.Member(
          name: section.name,
          value: .array(
            section.rows.map { row in .object(zip(section.columns, row).map { JSON.Member(name: $0.name, value: .string($1)) }) }))
      })
  }

  // MARK: For people

  func html(_ formats: Formats) -> [UInt8] {
    let language = formats.language
    var writer = HTMLWriter()
    writer.markup("<!doctype html>\n<html lang=\"")
    writer.text(language.tag)
    writer.markup("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
    writer.text(name)
    writer.markup(
      """
      </title><style>body{max-width:60rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;color-scheme:light dark}\
      table{width:100%;border-collapse:collapse}th,td{padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8886;text-align:start;\
      vertical-align:top;white-space:pre-line;overflow-wrap:anywhere}</style></head><body><h1>
      """)
    writer.text(name)
    writer.markup("</h1><p>")
    writer.text(language.text("Everything held about this person on {date}", ["date": .text(formats.minute(formats.now.text))]))
    writer.markup("</p>\n")
    for section in sections {
      writer.markup("<h2>")
      writer.text(language.text(section.title))
      writer.markup("</h2>\n<table><thead><tr>")
      for column in section.columns {
        writer.markup("<th scope=\"col\">")
        writer.text(language.text(column.label))
        writer.markup("</th>")
      }
      writer.markup("</tr></thead><tbody>\n")
      for row in section.rows {
        writer.markup("<tr>")
        for (column, text) in zip(section.columns, row) {
          writer.markup("<td>")
          writer.text(column.show(text, row, formats))
          writer.markup("</td>")
        }
        writer.markup("</tr>\n")
      }
      writer.markup("</tbody></table>\n")
    }
    writer.markup("</body></html>\n")
    return Array(writer.finish().markup.utf8)
  }
}

extension PersonalData.Column {
  init(moment name: String, _ label: String) { self.init(name: name, label: label) { $2.minute($0) } }

  /// One of the product's words.
  init(word name: String, _ label: String, _ word: @escaping @Sendable (String) -> String) {
    self.init(name: name, label: label) { $2.language.text(word($0)) }
  }
}
