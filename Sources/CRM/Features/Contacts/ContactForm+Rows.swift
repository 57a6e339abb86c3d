import Web

extension ContactForm {
  /// Without script, "add another" and "remove" are submits: they answer with the form, a row more or less, and save nothing.
  /// `nil` when no such button was pressed.
  func rowsChanged(_ form: FormFields) -> ContactForm? {
    var changed = self
    changed.problems = ValidationErrors()
    if let kind = form["add_row"] {
      switch kind {
      case "channel": changed.details.channels.append(Channel(kind: .email, label: "", value: "", isPrimary: false))
      case "membership": changed.memberships.append(MembershipDraft())
      case "item": changed.details.ownedItems.append(OwnedItem(kind: .text, label: "", quantity: 1, serialNumbers: []))
      default: return nil
      }
      return changed
    }
    if let row = form["remove_row"], let dash = row.lastIndex(of: "-"), let index = Int(row[row.index(after: dash)...]), index >= 0 {
      switch row[..<dash] {
      case "channel" where changed.details.channels.indices.contains(index): changed.details.channels.remove(at: index)
      case "membership" where changed.memberships.indices.contains(index): changed.memberships.remove(at: index)
      case "item" where changed.details.ownedItems.indices.contains(index): changed.details.ownedItems.remove(at: index)
      default: break
      }
      return changed
    }
    return nil
  }
}

extension MembershipDraft {
  var text: String {
    let place = [role, department].filter { !$0.isEmpty }.joined(separator: ", ")
    return place.isEmpty ? companyName : "\(companyName) (\(place))"
  }
}
