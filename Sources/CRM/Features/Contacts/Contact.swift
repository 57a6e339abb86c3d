import Base

/// A person: client, customer, supplier, prospect.
struct Contact: Sendable {
  let id: RecordID
  var details: ContactDetails
  /// `trashed` comes by the trash alone and goes by restoring.
  var status: String
  var notes: [Note]
  var version: Int
  var ownerName: String
  var createdAt: String
  var updatedAt: String
  var avatar: RecordID?
}

/// What a form or an import says of a contact.
struct ContactDetails: Sendable, Equatable {
  var name = ""
  var status = "active"
  var channels: [Channel] = []
  var jobTitle = ""
  var address = Address()
  /// BCP 47.
  var language = ""
  var source = ""
  /// A user's id, or empty.
  var ownerID = ""
  /// Channel types over which the person agreed to be written to.
  var consent: Set<String> = []
  var isOptedOut = false
  var ownedItems: [OwnedItem] = []
}

/// A way to reach somebody.
struct Channel: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable {
    case email, phone, whatsapp, url
  }

  var kind: Kind
  var label: String
  var value: String
  /// One per kind; it comes first among its kind.
  var isPrimary: Bool
}

/// Something that a person has from us: a device with its serial numbers, a quantity of a product, anything in words.
struct OwnedItem: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable {
    case device, product, text
  }

  var kind: Kind
  var label: String
  var quantity: Int
  var serialNumbers: [String]
}

/// Where a person or a company is.
struct Address: Sendable, Equatable {
  var street = ""
  var postalCode = ""
  var city = ""
  var region = ""
  /// ISO 3166-1 alpha-2, or empty.
  var country = ""

  var isEmpty: Bool { self == Address() }
}
