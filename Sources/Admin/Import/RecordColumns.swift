import Base
import Templating

/// What the headings of a file say of a record type: looked up once, so that a row is read by position.
package struct RecordColumns: Sendable {
  /// The column with the record's id.
  package private(set) var id = 0
  private(set) var created: Int?
  private(set) var updated: Int?
  private(set) var note: Int?
  /// The fields that the file carries, in the order of the type.
  private(set) var fields: [CarriedField] = []
  package private(set) var unused: [String] = []
  package private(set) var remarks: [String] = []
  /// Required fields that the file doesn't carry: it can only change records that are there.
  private(set) var missing: [String] = []

  /// A field that a file carries.
  package final class CarriedField: Sendable {
    let index: Int
    let field: Field
    /// The heading in the file by which problems are told.
    let heading: String
    /// The columns with the value, or with its parts.
    let place: Place

    init(index: Int, field: Field, heading: String, place: Place) {
      (self.index, self.field, self.heading, self.place) = (index, field, heading, place)
    }

    var isStatus: Bool { field.kind is StatusField }
  }

  package enum Place: Sendable {
    case whole(Int)
    case parts([Int?], ImportColumns)
  }

  private enum Target: Hashable {
    case id, created, updated, note
    case field(Int)
    case part(Int, Int)
  }

  init(_ file: ImportFile, for type: RecordType, languages: [Language]) throws {
    let targets = Self.targets(of: type, languages)
    var places: [Target: Int] = [:]
    for (place, heading) in file.heading.enumerated() {
      guard let target = targets[ImportFile.key(heading)] else { continue }
      if let other = places[target] { throw file.refuseDouble(file.heading[other], heading) }
      places[target] = place
    }
    guard let id = places[.id] else { throw file.refuse(without: "id", for: type.list.name) }
    self.id = id
    (created, updated, note) = (places[.created], places[.updated], places[.note])
    var used = Set([id, created, updated, note].compactMap(\.self))
    for (index, field) in type.fields.enumerated() {
      if let place = places[.field(index)] {
        fields.append(CarriedField(index: index, field: field, heading: file.heading[place], place: .whole(place)))
        used.insert(place)
        continue
      }
      for (number, columns) in type.imports.enumerated() where columns.field == field.name {
        let parts = columns.headings.indices.map { places[.part(number, $0)] }
        guard let first = parts.compactMap(\.self).first else { continue }
        if columns.areInseparable, let absent = parts.firstIndex(of: nil) {
          throw file.refuse(without: columns.headings[absent].name, for: type.list.name)
        }
        fields.append(CarriedField(index: index, field: field, heading: file.heading[first], place: .parts(parts, columns)))
        used.formUnion(parts.compactMap(\.self))
        if let remark = columns.remark { remarks.append("\(file.heading[first]): \(remark)") }
        break
      }
      if field.isRequired, fields.last?.index != index { missing.append(field.name) }
    }
    unused = file.heading.enumerated().compactMap { place, heading in
      used.contains(place) ? nil : heading.isEmpty ? "column \(place + 1)" : heading
    }
  }

  /// The heading in the file of a field, or of an input of its form; the name itself if the file has none.
  func heading(of input: String) -> String {
    let carried = fields.first { carried in
      carried.field.name == input || carried.field.kind.inputs(carried.field.name).all.contains(input)
        || (carried.field.kind as? any RowsKind).map { input.hasPrefix($0.row + "-") } == true
    }
    return carried?.heading ?? input
  }

  /// Names before labels, and what the type says of imports before its fields: where one text is both, the first counts.
  private static func targets(of type: RecordType, _ languages: [Language]) -> [String: Target] {
    var targets: [String: Target] = ["id": .id, "created_at": .created, "updated_at": .updated, "note": .note, "notes": .note]
    func name(_ text: String, _ target: Target) {
      let key = ImportFile.key(text)
      if targets[key] == nil { targets[key] = target }
    }
    for (number, columns) in type.imports.enumerated() {
      for (index, heading) in columns.headings.enumerated() { name(heading.name, .part(number, index)) }
    }
    for (index, field) in type.fields.enumerated() { name(field.name, .field(index)) }
    for language in languages + [.english] {
      for (name:id, label) in type.fields.map({ ($0.name, $0.label) }) + type.list.columns.map({ ($0.id, $0.label) }) {
        if let target = targets[ImportFile.key(id)] { name(language.text(label), target) }
      }
    }
    return targets
  }
}
