import Base

/// An organisation: client, supplier, manufacturer. Never a login.
struct Company: Sendable {
  let id: RecordID
  var details: CompanyDetails
  var status: String
  var notes: [Note]
  var version: Int
  var liveContacts: Int
  var ownerName: String
  var createdAt: String
  var updatedAt: String
  var avatar: RecordID?
}

/// What a form or an import says of a company.
struct CompanyDetails: Sendable, Equatable {
  var name = ""
  var status = "active"
  var domain = ""
  var website = ""
  var industry = ""
  var address = Address()
  var phone = ""
  var email = ""
  var description = ""
  var roles: Set<String> = []
  var ownerID = ""

  /// What a company can be to us.
  static let allRoles = [("customer", "Customer"), ("supplier", "Supplier"), ("manufacturer", "Manufacturer"), ("partner", "Partner")]

  init(name: String = "") { self.name = name }
}
