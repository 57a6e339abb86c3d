import Store
import Templating

/// What the names in a field's history are names of, where they are not everybody's to know as those of users and tags are.
package enum HistoryNames: Sendable {
  /// Records of one type.
  case records(of: RecordTarget)
  /// Records of any type.
  case anyRecords
  /// Files and their folders.
  case files
}

/// Which names of other records and of files somebody may read in a history. It has texts and no ids, so that names are shown to those who see all that they
/// could be names of.
package struct HistoryReach: Sendable {
  private let records: RecordReach
  private let seesFiles: Bool

  init(_ records: RecordReach, seesFiles: Bool) { (self.records, self.seesFiles) = (records, seesFiles) }

  func shows(_ names: HistoryNames?) -> Bool {
    switch names {
    case nil: true
    case .records(let target): records.condition(on: "target", of: target) == nil
    // What hangs on records hangs on these.
    case .anyRecords: records.kinds.all.allSatisfy { !$0.isAnchor || records.scope(of: $0.name) == .all }
    case .files: seesFiles
    }
  }

  /// Shown in the place of names that can't be seen; nothing where there were none.
  static func hidden(_ text: String, _ formats: Formats) -> String {
    text.isEmpty ? "" : formats.language.text("Not visible to you")
  }
}

extension Composition {
  /// Whether somebody may read all that changes of a record of this type name.
  func shows(_ changes: [Change], of type: RecordType?, to reach: HistoryReach) -> Bool {
    changes.allSatisfy { reach.shows(field($0.field, of: type).names) }
  }
}

extension RequestContext {
  package var historyReach: HistoryReach {
    get throws { HistoryReach(try reach, seesFiles: may(.readOwn, on: .files)) }
  }
}
