import Admin
import Base

extension FormSection {
  /// Where a person or a company is.
  static let location = FormSection(
    id: "location", title: "Location",
    fields: [
      Field("street", "Street"), Field("postal_code", "Postal code", size: .third),
      Field("city", "City", size: .twoThirds, isSearched: true, index: .sorted("by_city")),
      Field("region", "Region", size: .half), Field("country", "Country", CountryField(), size: .half),
    ],
    lines: { record, formats in
      // As on an envelope.
      let place = [record["postal_code"].text, record["city"].text].filter { !$0.isEmpty }.joined(separator: " ")
      return [record["street"].text, place, record["region"].text, formats.country(record["country"].text)].filter { !$0.isEmpty }
    })
}
