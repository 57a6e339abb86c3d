import Base
import Templating
import Testing

@testable import Admin
@testable import CRM

/// Names of countries and languages, in the languages of the pages.
@Suite struct LocaleNamesTests {
  private func names(_ tag: String) throws -> LocaleNames {
    LocaleNames.of(try Languages(folder: TestApp.resources + "/Templates/languages").language(tag))
  }

  @Test(arguments: [
    ("GR", "Greece", "Ελλάδα"), ("de", "Germany", "Γερμανία"), ("XK", "Kosovo", "Κοσσυφοπέδιο"),
    ("CI", "Côte d’Ivoire", "Ακτή Ελεφαντοστού"),
    ("AX", "Åland Islands", "Νήσοι Όλαντ"), ("cn", "China", "Κίνα"), ("CG", "Congo (Republic)", "Κονγκό (Δημοκρατία)"), ("", "", ""),
    ("XX", "XX", "XX"), ("Narnia", "Narnia", "Narnia"),
  ])
  func `a country has its name, and what is none keeps its code`(code: String, english: String, greek: String) throws {
    #expect(try names("en").country(code) == english)
    #expect(try names("el").country(code) == greek)
  }

  @Test(arguments: [
    ("el", "Greek", "Ελληνικά"), ("fr", "French", "Γαλλικά"), ("pt-BR", "Portuguese (Brazil)", "Πορτογαλικά (Βραζιλία)"),
    ("tlh", "tlh", "tlh"), ("", "", ""),
  ])
  func `a language has its name, and an unknown one keeps its tag`(tag: String, english: String, greek: String) throws {
    #expect(try names("en").language(tag) == english)
    #expect(try names("el").language(tag) == greek)
  }
}
