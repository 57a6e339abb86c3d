@testable import Admin
@testable import CRM
import Foundation
import Testing
import Web
import XML

/// Filters on amounts of money and on times of day.
@Suite struct KindFilterTests {
  private static let path = "/admin/crm/specimens"
  let office: TestApp
  let owner: TestClient

  init() throws {
    office = try TestApp(features: [.specimens])
    owner = try office.visitor(.owner)
    for (name, price, currency, time) in [
      ("A", "10", "EUR", "06:30"), ("B", "20", "EUR", "14:05"), ("C", "10", "USD", "22:00"), ("D", "2000", "JPY", "23:59"),
      ("E", "", "EUR", ""),
    ] {
      owner.get(Self.path + "/new")
      let response = owner.post(
        Self.path, ["name": name, "status": "active", "price": price, "price_currency": currency, "time": time])
      try #require(response.status == 303, "\(response.text)")
    }
  }

  private func list(_ filter: String) -> Response {
    owner.get(Self.path + "?filter=" + (filter.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""))
  }

  private func names(_ filter: String) -> String {
    list(filter).page.all("//a[@class='row-link']").map(\.text).sorted().joined()
  }

  @Test(arguments: [
    ("price is 10", "A"), ("price is \"10 USD\"", "C"), ("price is \"10 USD\",\"20.00 EUR\"", "BC"), ("price is_not 10", "BCDE"),
    ("price above 5", "AB"), ("price above \"5 USD\"", "C"), ("price at_least \"20 eur\"", "B"), ("price at_most 10", "A"),
    ("price below \"2001 JPY\"", "D"), ("price between \"1 USD\" and \"30 USD\"", "C"), ("price between 30,1", "AB"),
    ("price is_empty", "E"), ("price is_not_empty", "ABCD"), ("not (price above 5)", "CDE"),
  ])
  func `an amount is compared with those of its own currency`(filter: String, found: String) {
    let filter = filter.replacing("\" and \"", with: "\",\"")
    #expect(list(filter).status == 200, "\(list(filter).text)")
    #expect(names(filter) == found)
  }

  @Test func `a chip says of which currency it speaks, as the page's language writes it`() {
    #expect(
      list("price above 5").page.all("//*[contains(@class, 'filter-chip')]").first?.text.contains("price is above 5.00\u{A0}EUR") == true)
    owner.get("/account")
    owner.post("/account", ["name": "Olga Owner", "language": "el", "time_zone": "UTC", "theme": "auto"])
    #expect(list("price above \"5.5 USD\"").text.contains("5,50\u{A0}USD"))
  }

  @Test(arguments: [
    ("price between \"1 USD\",\"30 EUR\"", "Both amounts must be in the same currency."),
    ("price above \"\"", "Enter an amount like 12.50 EUR."),
    ("price above \"1 XXQ\"", "Unknown currency code “XXQ”."),
    ("time before noon", "Invalid time. Enter it like 14:05."),
    ("time has 14", "A filter can’t ask “has” of time."),
  ])
  func `what can't be asked is refused with what can`(filter: String, message: String) {
    #expect(list(filter).status == 400 && list(filter).text.contains(message), "\(list(filter).text)")
  }

  @Test(arguments: [
    ("time is 6:30", "A"), ("time is_not 06:30,22:00", "BDE"), ("time before 14:05", "A"), ("time until 14:05", "AB"),
    ("time after 14:05", "CD"), ("time since 14:05", "BCD"), ("time between 06:30,14:05", "AB"), ("time between 22:00,06:30", "ACD"),
    ("time is_empty", "E"), ("not (time before 14:05)", "BCDE"),
  ])
  func `a time of day is before, after or between others, also past midnight`(filter: String, found: String) {
    #expect(names(filter) == found)
  }
}
