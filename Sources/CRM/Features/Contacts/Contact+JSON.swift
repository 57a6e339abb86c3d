import Base

/// How the parts of a contact that have no table of their own are kept in its row.
extension ContactDetails {
  /// `{"email":[{"label":"work","value":"…"}],…}`: per kind, the primary one first. The row's `email` and `phone` are generated from it.
  var channelsJSON: String {
    let ordered = orderedChannels
    return JSON.object(
      Channel.Kind.allCases.compactMap { kind in
        let ofKind = ordered.filter { $0.kind == kind }
        guard !ofKind.isEmpty else { return nil }
        return JSON.Member(
          name: kind.rawValue, value: .array(ofKind.map { .object(["label": .string($0.label), "value": .string($0.value)]) }))
      }
    ).text
  }

  static func channels(_ stored: String) -> [Channel] {
    guard stored != "{}", let json = try? JSON(parsing: stored) else { return [] }
    return Channel.Kind.allCases.flatMap { kind in
      (json[kind.rawValue]?.array ?? []).enumerated().map { index, item in
        Channel(kind: kind, label: item["label"]?.string ?? "", value: item["value"]?.string ?? "", isPrimary: index == 0)
      }
    }
  }

  var ownedItemsJSON: String {
    JSON.array(
      ownedItems.map { item in
        .object([
          "type": .string(item.kind.rawValue), "label": .string(item.label), "quantity": .int(item.quantity),
          "serial_numbers": .array(item.serialNumbers.map { .string($0) }),
        ])
      }
    ).text
  }

  static func ownedItems(_ stored: String) -> [OwnedItem] {
    guard stored != "[]", let items = (try? JSON(parsing: stored))?.array else { return [] }
    return items.map { item in
      OwnedItem(
        kind: OwnedItem.Kind(rawValue: item["type"]?.string ?? "") ?? .text, label: item["label"]?.string ?? "",
        quantity: item["quantity"]?.int ?? 1, serialNumbers: (item["serial_numbers"]?.array ?? []).compactMap(\.string))
    }
  }
}
