package import Base
package import Templating

/// A sentence for a person, in English, translated when it is shown. `{name}` places in it are filled from the arguments, in the reader's language.
package struct Message: Sendable, Equatable {
  package let text: String
  /// The form for several, of a sentence with a plural; `{n}` counts.
  private var many: String?
  private var arguments: [String: Argument] = [:]

  fileprivate enum Argument: Sendable, Equatable {
    case text(String)
    /// Texts of the product themselves, like fields' labels, with commas between them.
    case labels([String])
    case number(Int)
    /// A size in bytes.
    case size(Int)
    /// A day, `2026-11-20`.
    case day(String)
    /// An exact decimal, `12.5`.
    case decimal(String)
    /// An exact amount of money, `12.50 EUR`.
    case money(String)
  }

  package init(
    _ text: String, _ texts: [String: String] = [:], labels: [String: [String]] = [:], numbers: [String: Int] = [:],
    sizes: [String: Int] = [:], days: [String: String] = [:], decimals: [String: String] = [:], money: [String: String] = [:]
  ) {
    self.text = text
    arguments.merge(texts.mapValues { .text($0) }) { $1 }
    arguments.merge(labels.mapValues { .labels($0) }) { $1 }
    arguments.merge(numbers.mapValues { .number($0) }) { $1 }
    arguments.merge(sizes.mapValues { .size($0) }) { $1 }
    arguments.merge(days.mapValues { .day($0) }) { $1 }
    arguments.merge(decimals.mapValues { .decimal($0) }) { $1 }
    arguments.merge(money.mapValues { .money($0) }) { $1 }
  }

  /// `Message("{n} file added.", "{n} files added.", count: 3)`
  package init(_ one: String, _ many: String, count: Int, _ texts: [String: String] = [:]) {
    self.init(one, texts, numbers: ["n": count])
    self.many = many
  }

  package func text(in language: Language) -> String {
    let values = arguments.mapValues { $0.value(in: language) }
    guard let many, case .number(let count)? = arguments["n"] else { return language.text(text, values) }
    return language.plural(text, many, count: count, values)
  }

  // MARK: Stored and sent

  package var json: JSON {
    .object([
      "text": .string(text), "many": many.map { .string($0) } ?? .null,
      "arguments": .object(arguments.sorted { $0.key < $1.key }.map { JSON.Member(name: $0.key, value: $0.value.json) }),
    ])
  }

  init?(stored text: String) {
    guard !text.isEmpty, let json = try? JSON(parsing: text) else { return nil }
    self.init(json)
  }

  package init?(_ json: JSON) {
    guard let text = json["text"]?.string else { return nil }
    self.init(text)
    many = json["many"]?.string
    if case .object(let members)? = json["arguments"] {
      for member in members { arguments[member.name] = Argument(json: member.value) }
    }
  }
}

extension Message.Argument {
  fileprivate func value(in language: Language) -> Value {
    switch self {
    case .text(let text): .text(text)
    case .labels(let labels): .text(labels.map { language.text($0) }.joined(separator: ", "))
    case .number(let number): .int(number)
    case .size(let bytes): .text(ByteCount.text(bytes, in: language))
    case .day(let day): .text(Formats(of: language).date(day))
    case .decimal(let text):
      .text(DecimalField(places: text.split(separator: ".").dropFirst().first?.count ?? 0).display(text, Formats(of: language)))
    case .money(let text): .text(MoneyField().display(text, Formats(of: language)))
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .text(let text): .string(text)
    case .labels(let labels): .array(labels.map { .string($0) })
    case .number(let number): .int(number)
    case .size(let bytes): .object(["bytes": .int(bytes)])
    case .day(let day): .object(["day": .string(day)])
    case .decimal(let text): .object(["decimal": .string(text)])
    case .money(let text): .object(["money": .string(text)])
    }
  }

  fileprivate init?(json: JSON) {
    switch json {
    case .string(let text): self = .text(text)
    case .array(let labels): self = .labels(labels.compactMap(\.string))
    case .int(let number): self = .number(number)
    default:
      if let bytes = json["bytes"]?.int {
        self = .size(bytes)
      } else if let day = json["day"]?.string {
        self = .day(day)
      } else if let text = json["decimal"]?.string {
        self = .decimal(text)
      } else if let text = json["money"]?.string {
        self = .money(text)
      } else {
        return nil
      }
    }
  }
}
