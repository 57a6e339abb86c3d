import Base
import Web

extension ContactForm {
  /// What the history's fields are called in the form, where it has other names or several.
  static let postedNames = ["channels": channelFields, "owned_items": itemFields, "companies": membershipFields]

  /// The fields as the form would post them.
  var posted: FormFields {
    func field(_ name: String, _ value: String) -> FormFields.Field { FormFields.Field(name, value) }
    var fields = [
      field("name", details.name), field("status", details.status), field("job_title", details.jobTitle),
      field("street", details.address.street), field("postal_code", details.address.postalCode), field("city", details.address.city),
      field("region", details.address.region), field("country", details.address.country), field("language", details.language),
      field("source", details.source), field("owner", details.ownerID),
    ]
    fields += details.consent.sorted().map { field("consent", $0) }
    if details.isOptedOut { fields.append(field("opted_out", "yes")) }
    for channel in details.channels {
      fields += [
        field("channel_type", channel.kind.rawValue), field("channel_label", channel.label), field("channel_value", channel.value),
        field("channel_primary", channel.isPrimary ? "primary" : ""),
      ]
    }
    for membership in memberships {
      fields += [
        field("company", membership.companyName), field("company_id", membership.companyID), field("role", membership.role),
        field("department", membership.department), field("membership_primary", membership.isPrimary ? "primary" : ""),
      ]
    }
    for item in details.ownedItems {
      fields += [
        field("item_type", item.kind.rawValue), field("item_label", item.label), field("item_quantity", String(item.quantity)),
        field("item_serials", item.serialNumbers.joined(separator: ", ")),
      ]
    }
    return FormFields(fields)
  }
}
