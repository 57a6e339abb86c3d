import Base

/// A contact's place in a company.
struct Membership: Sendable, Equatable {
  let id: RecordID
  let contactID: RecordID
  let companyID: RecordID
  let companyName: String
  var role: String
  var department: String
  var isPrimary: Bool

  var text: String {
    let place = [role, department].filter { !$0.isEmpty }.joined(separator: ", ")
    return place.isEmpty ? companyName : "\(companyName) (\(place))"
  }
}

/// A membership as it is typed in a contact's form: a company picked, or one to be found or made by its name.
struct MembershipDraft: Sendable, Equatable {
  var companyName = ""
  var companyID = ""
  var role = ""
  var department = ""
  var isPrimary = false
  /// Make the company if there is none of this name.
  var createsCompany = false

  var isBlank: Bool { companyName.isEmpty && companyID.isEmpty }
}
