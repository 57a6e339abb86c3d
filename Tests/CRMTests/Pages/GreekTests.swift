@testable import Admin
import CRM
import Foundation
import Templating
import Testing
import Web
import XML

/// Greek proves that every text is translated: sign-in, lists and forms are entirely in Greek.
@Suite struct GreekTests {
  private func greek() throws -> Language { try Languages(folder: TestApp.resources + "/Templates/languages").language("el") }

  @Test func `every text of the door, the lists and the forms is there in Greek`() throws {
    let greek = try greek()
    let folders = [
      "users/sign-in", "users/setup", "layouts/", "lists/", "shared/", "contacts/form", "contacts/channel", "contacts/membership",
      "contacts/item", "companies/form", "interactions/", "media/", "comments/", "inbox/", "activity/", "settings/", "tasks/",
    ]
    let texts = try Services.templates(crm, Application.Options(resources: TestApp.resources), assets: nil).messages
      .filter { message in folders.contains { message.template.hasPrefix($0) } }
    #expect(texts.count > 100)
    let missing = Set(texts.filter { !greek.has($0.text) }.map { "\($0.template):\($0.line): \($0.text)" })
    #expect(missing.isEmpty, "\(missing.sorted().joined(separator: "\n"))")
  }

  @Test func `a list in Greek has no English left`() throws {
    let office = try TestApp()
    let owner = try office.visitor(.owner)
    try DemoOffice(contacts: 5, seed: 1).load(into: office.store, by: nil, named: "Demo", now: office.now)
    owner.acceptLanguage = "el"
    for path in office.composition.records.all.flatMap({ [$0.path, $0.path + "/new"] }) {
      let page = owner.get(path)
      #expect(page.text.contains("lang=\"el\""))
      let labels = page.page.all("//th | //label/span[@class='label'] | //label[@class='label'] | //nav[@id='list-tabs']/a | //h1").map(
        \.text)
      let english = labels.filter { label in
        !label.isEmpty && label.unicodeScalars.allSatisfy { $0.isASCII } && label.contains(where: \.isLetter) && label != "E-mail"
      }
      #expect(english.isEmpty, "\(path): \(english)")
    }
  }
}
