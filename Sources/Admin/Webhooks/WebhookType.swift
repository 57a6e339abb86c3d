import Base
import HTTPClient
import Store
import Templating
import Web

extension RecordType {
  /// An address that gets what happens to records. What it needs besides its fields, `webhook_states` has.
  static let webhook = RecordType(
    "webhook", label: "Webhook", icon: "send", emblem: .icon, resource: .settings,
    words: Words(new: "New webhook", create: "Create webhook", inTrash: "This webhook is in the trash. Restore it to make changes."),
    sections: [
      FormSection(
        id: "webhook", title: "Webhook", hint: "Tells another program what happens to records.",
        fields: [
          Field("name", "Name", missing: "Enter a name.", isSearched: true, isDetail: false, index: .sorted("by_name")),
          Field("url", "URL", WebhookAddressField(), hint: "Where events are sent to.", missing: "Enter a URL.", isSearched: true),
          Field("status", "Status", StatusField(whenSet: WebhookStore.begin), size: .third, isDetail: false),
          Field("types", "Records", RecordTypesField(), hint: "All records if none is chosen."),
          Field(
            "actions", "Events", ChoicesField(choices: WebhookEvent.actions.map { ($0.rawValue, $0.label) }),
            hint: "All events if none is chosen."),
        ])
    ],
    list: ListDefinition(
      name: "webhooks", title: "Webhooks", path: "/admin/webhooks", icon: "send", resource: .settings, table: "webhooks",
      searchTable: "webhook_search", defaultColumns: ["name", "url", "status", "types", "actions"], defaultSort: "name",
      words: ListDefinition.Words(
        newRecord: "New webhook", searchHint: "Name or URL", one: "{n} webhook", many: "{n} webhooks", emptyTitle: "No webhooks yet",
        emptyText: "A webhook tells another program what happens to records.")),
    line: ["url"], panels: [WebhookPages.panel], isAnchor: false, isImported: false, rule: WebhookStore.rule)
}

/// Where events are sent to: a whole address, http or https.
struct WebhookAddressField: FieldKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let value = try LineField(limit: 1_000).parse(text)
    if !value.isEmpty,
      !value.text.hasPrefix("https://") && !value.text.hasPrefix("http://") || !value.isEmpty && !HTTPClient.isAddress(value.text)
    {
      throw InvalidValue(Message("Enter a URL, like https://example.com/hooks."))
    }
    return value
  }

  var jsonShape: JSONShape { .optional(.text(atMost: 1_000, format: "uri")) }

  func searchWords(_ value: FieldValue) -> [String] { SearchWords.indexed(value.text) }
}

/// Types of records, by their names.
struct RecordTypesField: FieldKind {
  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    let names = text.split { $0 == "," || $0 == " " }.map { String($0) }
    guard names.allSatisfy({ $0.utf8.count <= 60 }), names.count <= 100 else { throw InvalidValue(.notOffered) }
    return FieldValue(Set(names).sorted().joined(separator: ","))
  }

  func json(_ value: FieldValue) -> JSON { .array(ChoicesField.chosen(value).map { .string($0) }) }

  func parse(json: JSON) throws(InvalidValue) -> FieldValue { try parse((json.array ?? []).compactMap(\.string).joined(separator: ",")) }

  var jsonShape: JSONShape { .list(.text(atLeast: 1, atMost: 60), atMost: 100) }

  func searchWords(_ value: FieldValue) -> [String] { [] }

  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    let known = Set(act.types.map(\.name)).union(ChoicesField.chosen(stored))
    return ChoicesField.chosen(value).allSatisfy(known.contains) ? .value(value) : .errors([("", .notOffered)])
  }

  func inputs(_ name: String) -> FieldInputs { FieldInputs(repeated: [name]) }

  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    (try? parse(reader.form.all(name).joined(separator: ","))) ?? .empty
  }

  func posted(_ value: FieldValue, _ name: String, _ formats: Formats) -> [FormFields.Field] {
    ChoicesField.chosen(value).map { FormFields.Field(name, $0) }
  }

  var template: (name: String, schema: ViewSchema) { ("fields/checks", FieldControl.schema) }

  func control(_ control: FieldControl) -> ViewData {
    control.data(choices: control.context.composition.records.all.filter { $0 !== RecordType.webhook }.map { ($0.name, $0.list.title) })
  }

  var cell: Column.Kind? { .value(self) }

  var comparison: (any Comparison)? { TextComparison() }
}
