import Admin
import Base

/// A contact's place in a company: one that is stored, or one that was typed, whose company is picked, or to be found or made by its name.
struct Membership: Sendable, Equatable {
  var companyName = ""
  var companyID = ""
  var role = ""
  var department = ""
  var isPrimary = false
  /// Of a typed one: make the company if there is none of this name.
  var createsCompany = false
  /// Of a typed one: its row in the form.
  var row: Int?

  /// `Acme (Buyer, Sales)`.
  var text: String {
    let place = [role, department].filter { !$0.isEmpty }.joined(separator: ", ")
    return place.isEmpty ? companyName : "\(companyName) (\(place))"
  }

  static func value(_ memberships: [Membership]) -> FieldValue {
    memberships.isEmpty ? .empty : .text(JSON.array(memberships.map(\.json)).text)
  }

  private var json: JSON {
    var members: [JSON.Member] = [
      .init(name: "company", value: .string(companyName)), .init(name: "company_id", value: .string(companyID)),
      .init(name: "role", value: .string(role)), .init(name: "department", value: .string(department)),
      .init(name: "primary", value: .bool(isPrimary)),
    ]
    if createsCompany { members.append(.init(name: "create", value: .bool(true))) }
    if let row { members.append(.init(name: "row", value: .int(row))) }
    return .object(members)
  }

  static func list(_ value: FieldValue) -> [Membership] {
    guard !value.isEmpty, let items = (try? JSON(parsing: value.text))?.array else { return [] }
    return items.map { item in
      Membership(
        companyName: item["company"]?.string ?? "", companyID: item["company_id"]?.string ?? "", role: item["role"]?.string ?? "",
        department: item["department"]?.string ?? "", isPrimary: item["primary"] == .bool(true),
        createsCompany: item["create"] == .bool(true), row: item["row"]?.int)
    }
  }

  /// Without its place in a form.
  var withoutRow: Membership {
    var membership = self
    membership.row = nil
    return membership
  }

  /// As they are stored: one is primary, and comes first.
  static func ordered(_ memberships: [Membership]) -> [Membership] {
    var ordered = memberships
    if let primary = ordered.firstIndex(where: \.isPrimary) { ordered.insert(ordered.remove(at: primary), at: 0) }
    return ordered.enumerated().map { place, membership in
      Membership(
        companyName: membership.companyName, companyID: membership.companyID, role: membership.role, department: membership.department,
        isPrimary: place == 0)
    }
  }
}
