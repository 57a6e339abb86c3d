import Admin
import Base

/// What the demo's people, companies and places are called.
enum DemoNames {
  struct People {
    let language: String
    let first: [String]
    let last: [String]
  }

  static let people = [
    People(
      language: "en",
      first: ["Alice", "Ben", "Charlotte", "Daniel", "Emma", "George", "Hannah", "James", "Olivia", "Peter", "Rachel", "Thomas"],
      last: [
        "Ashworth", "Bennett", "Clarke", "Davies", "Goldsmith", "Hughes", "Lawson", "Mitchell", "Parker", "Smith", "Turner", "Whitfield",
      ]),
    People(
      language: "el", first: ["Γιώργος", "Δημήτρης", "Κώστας", "Νίκος", "Σπύρος", "Στέλιος", "Ανδρέας", "Θοδωρής"],
      last: ["Παπαδόπουλος", "Μπίμπης", "Οικονόμου", "Καραγιάννης", "Μακρής", "Σταυρόπουλος", "Ιωαννίδης", "Αναγνωστόπουλος"]),
    People(
      language: "el", first: ["Μαρία", "Ελένη", "Κατερίνα", "Σοφία", "Αγγελική", "Δήμητρα", "Φωτεινή", "Ειρήνη"],
      last: ["Παπαδοπούλου", "Γεωργίου", "Νικολάου", "Αντωνίου", "Βασιλείου", "Χριστοδούλου", "Αλεξίου", "Σαμαρά"]),
    People(
      language: "de", first: ["Jürgen", "Anke", "Björn", "Heike", "Søren", "Åsa"],
      last: ["Müller", "Größmann", "Weiß", "Jørgensen", "Öberg", "Köhler"]),
    People(
      language: "fr", first: ["Chloé", "François", "Hélène", "André", "Renée", "José"],
      last: ["Lefèvre", "Dubois", "Muñoz", "García", "Conceição", "Béranger"]),
    People(language: "pl", first: ["Łukasz", "Małgorzata", "Jiří", "Željko"], last: ["Wiśniewski", "Dvořák", "Žižek", "Łukaszewicz"]),
  ]
  static let places: [(city: String, country: String, dial: String)] = [
    ("London", "GB", "+44"), ("Manchester", "GB", "+44"), ("Αθήνα", "GR", "+30"), ("Θεσσαλονίκη", "GR", "+30"), ("Πάτρα", "GR", "+30"),
    ("Λευκωσία", "CY", "+357"), ("München", "DE", "+49"), ("Zürich", "CH", "+41"), ("Paris", "FR", "+33"), ("Málaga", "ES", "+34"),
    ("Kraków", "PL", "+48"), ("Malmö", "SE", "+46"), ("Dublin", "IE", "+353"), ("Amsterdam", "NL", "+31"),
  ]
  static let companyStarts = [
    "Aegean", "Northwind", "Blue Harbour", "Delta", "Hellenic", "Atlas", "Olympus", "Nordic", "Alpine", "Pioneer", "Ελληνική", "Αιγαίο",
  ]
  static let companyTrades = [
    "Trading", "Logistics", "Foods", "Shipping", "Energy", "Textiles", "Media", "Systems", "Travel", "Instruments", "Τεχνική", "Εμπορική",
  ]
  static let companyForms = ["Ltd", "Inc", "S.A.", "GmbH", "Α.Ε.", "Ε.Π.Ε.", "AB"]
  static let industries = [
    "Software", "Shipping", "Tourism", "Retail", "Construction", "Finance", "Healthcare", "Food", "Energy", "Education", "Logistics",
  ]
  static let streets = [
    "High Street", "Station Road", "Mill Lane", "Ερμού", "Σταδίου", "Lindenstraße", "Rue Victor Hugo", "Calle Mayor", "Kungsgatan",
  ]
  static let titles = [
    "Managing director", "Sales manager", "Buyer", "Accountant", "Engineer", "Office manager", "Διευθυντής", "Λογιστής", "Parish secretary",
    "",
  ]
  static let sources = ["Web", "Referral", "Trade fair", "Phone", "Import"]
  static let notes = [
    "Prefers to be called in the morning.", "Asked for the new catalogue; send it with the next delivery.",
    "Ζήτησε προσφορά για τρία ρολόγια πύργου.",
    "Met at the fair, wants a demo in spring.", "Invoices go to the head office, not to the branch.",
  ]

  private static let greek: [Character: String] = [
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l", "μ": "m", "ν": "n",
    "ξ": "x",
    "ο": "o", "π": "p", "ρ": "r", "σ": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
  ]

  /// A name in Latin letters, as an address has it.
  static func latin(_ name: String) -> String {
    TextFolding.fold(name).map { greek[$0] ?? String($0) }.joined().filter {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " " || $0 == ".")
    }
    .split(separator: ".", omittingEmptySubsequences: true).joined(separator: ".")
  }
}
