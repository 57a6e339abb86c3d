@testable import Admin
@testable import CRM
import Store

/// A record type with a field of each kind: what the engine does for it, it does for any. Used only in tests.
extension RecordType {
  static let specimen: RecordType = {
    func sorted(_ name: String, _ kind: some FieldKind) -> Field { Field(name, name, kind, index: .sorted("by_" + name)) }
    return RecordType(
      "specimen", label: "Specimen", icon: "box", resource: .contacts,
      words: Words(new: "New specimen", create: "Create specimen", inTrash: "This specimen moved to trash."),
      sections: [
        FormSection(
          id: "all", title: "All",
          fields: [
            Field("name", "Name", missing: "Enter a name.", isSearched: true, index: .sorted("by_name")),
            Field("status", "Status", StatusField(), isDetail: false), Field("line", "line", isSearched: true, index: .sorted("by_line")),
            Field("body", "body", TextField()), Field("code", "code", isUnique: true),
            Field("stamp", "stamp", isReadOnly: true),
            sorted("choice", ChoiceField(choices: [("low", "Low"), ("high", "High")])),
            Field("choices", "choices", ChoicesField(choices: [("a", "A"), ("b", "B"), ("c", "C")])), sorted("flag", FlagField()),
            Field("since", "since", SinceField(column: "since_at")), sorted("date", DateField()), sorted("time", TimeField()),
            sorted("moment", MomentField()), sorted("duration", DurationField()), sorted("count", DecimalField.whole(-1000...1_000_000)),
            sorted("weight", DecimalField(places: 3, unit: "kg")), sorted("price", MoneyField()), sorted("share", DecimalField.percent()),
            sorted("email", EmailField()), sorted("phone", PhoneField()), sorted("web", WebField()), sorted("country", CountryField()),
            sorted("language", LanguageField()), Field("owner", "owner", UserField(column: "owner_id", effect: .notification)),
            Field("contact", "contact", ReferenceField(to: .contact)), Field("origin", "origin", ReferenceField(to: .specimen)),
            Field("tags", "tags", TagsField(), isDetail: false, index: .values("by_id")), Field("papers", "papers", FilesField()),
            Field(
              "readings", "readings",
              RowsField(
                row: "reading", adding: "Add a reading",
                [
                  Field("what", "What", missing: "Say what it is."), Field("amount", "Amount", DecimalField(places: 1)),
                  Field("on", "On", DateField()), Field("state", "State", ChoiceField(choices: [("ok", "Fine"), ("bad", "Bad")])),
                ])),
          ])
      ],
      list: ListDefinition(
        name: "specimens", title: "Specimens", path: "/admin/crm/specimens", icon: "box", resource: .contacts, table: "specimens",
        searchTable: "specimen_search",
        // For owners and admins alone.
        columns: [
          ListColumn(
            Column("seal", "seal", reads: ["code"]), TextComparison(), FieldPlace(column: "code"), resource: Resource("vault", "Vault"))
        ], defaultColumns: ["name", "choice", "price", "weight", "moment", "contact"],
        defaultSort: "name",
        filters: [
          ListFilter(
            id: "no_line", label: "Without a line", predicate: .where("line", .isEmpty), attention: "A specimen has no line: {count}")
        ],
        words: ListDefinition.Words(
          newRecord: "New specimen", searchHint: "Name or line", one: "{n} specimen", many: "{n} specimens",
          emptyTitle: "No specimens yet", emptyText: "Add the first.")),
      line: ["line"], panels: [TagsField.panel],
      home: RecordHome(
        figures: [.init("Specimens"), .init("Idle specimens", tab: "inactive"), .init("Thrown away", tab: "trashed")],
        newest: .init(title: "Newest specimens", line: "line", email: "email"), offersNew: true))
  }()
}

extension RecordTarget {
  static let specimen = RecordTarget(table: "specimens", path: "/admin/crm/specimens", resource: .contacts)
}

extension Feature {
  static let specimens = Feature(
    name: "specimens", migrations: [Migration("2027-01-01-specimens", RecordType.specimen.tableSQL)], records: [.specimen],
    derivations: [.counts(of: "specimens"), .search("specimen_search")])
}
