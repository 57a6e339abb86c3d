import Base
import Web

extension CompanyForm {
  /// The fields as the form would post them.
  var posted: FormFields {
    func field(_ name: String, _ value: String) -> FormFields.Field { FormFields.Field(name, value) }
    return FormFields(
      [
        field("name", details.name), field("status", details.status), field("domain", details.domain), field("website", details.website),
        field("industry", details.industry), field("street", details.address.street), field("postal_code", details.address.postalCode),
        field("city", details.address.city), field("region", details.address.region), field("country", details.address.country),
        field("phone", details.phone), field("email", details.email), field("description", details.description),
        field("owner", details.ownerID),
      ] + details.roles.sorted().map { field("roles", $0) })
  }
}
