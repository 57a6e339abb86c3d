/// What the fields of histories and conflicts are called, and how their values read.
enum FieldNames {
  /// A field of a record of this type, or of something that hangs on it: an interaction, a file, a comment.
  static func field(_ name: String, of type: RecordType?) -> (label: String, display: (String, Formats) -> String) {
    if let field = type?.field(name) { return (field.label, field.kind.display) }
    return (others[name] ?? name, { text, formats in formats.fieldText(text, of: name) })
  }

  static let others = [
    "type": "Type", "direction": "Direction", "occurred_at": "When", "zone": "Time zone", "duration": "Minutes", "outcome": "Outcome",
    "subject": "Subject", "body": "What was said", "party": "People", "party_text": "People", "file": "File", "picture": "Picture",
    "comment": "Comment", "note": "Note",
  ]
}

extension RecordType {
  /// The labels of its fields by their names.
  var labels: [String: String] { Dictionary(fields.map { ($0.name, $0.label) }) { first, _ in first } }
}
