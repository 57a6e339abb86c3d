import Base
import Templating
import Web

/// The filters that the product's templates have besides the engine's own.
enum TemplateFilters {
  static func all(assets: Assets?) -> [String: FilterDefinition] {
    [
      "asset": FilterDefinition { value, _, _ in .text(assets?.url(value.text) ?? value.text) },
      "initials": .writing { _ in { name, out in Initials.append(name, to: &out) } },
      "tint": .writing { _ in { id, out in out.append(Tint.of(id)) } },
      "number": .writing { context in
        { [language = context.language] number, out in
          let text = String(decoding: number, as: UTF8.self)
          out.append(Int(text).map { language.number($0) } ?? text)
        }
      },
      "tags": FilterDefinition(result: .html) { lines, _, _ in .html(tags(lines.text)) },
      "status": .writing { context in
        { [names = context.formats.statuses] status, out in
          let status = String(decoding: status, as: UTF8.self)
          out.append(names.first { $0.value == status }?.name ?? status)
        }
      },
      "country": .writing { context in
        { [names = LocaleNames.of(context.language)] code, out in out.append(names.country(String(decoding: code, as: UTF8.self))) }
      },
      "day": .writing { context in
        { [pattern = DatePattern.of(context.language), zone = ZoneClock(context.timeZone)] stored, out in
          guard let moment = Timestamp(utf8: stored) else { return out.append(stored) }
          pattern.appendDay(zone.local(moment), to: &out)
        }
      },
      "date": .writing { context in
        { [formats = context.formats] day, out in out.append(formats.date(String(decoding: day, as: UTF8.self))) }
      },
      // The two parts of an e-mail address: where a line has too little room, it breaks between them.
      "mailbox": .writing { _ in { address, out in out.append(UnsafeBufferPointer(rebasing: address[..<atSign(address)])) } },
      "domain": .writing { _ in { address, out in out.append(UnsafeBufferPointer(rebasing: address[atSign(address)...])) } },
      "mailto": .writing { _ in { address, out in EmailLink.append(address, to: &out) } },
      "web": .writing { _ in
        { address, out in
          if !WebLink.hasScheme(address) { out.append("https://") }
          out.append(address)
        }
      },
    ]
  }
}

extension TemplateFilters {
  private static func atSign(_ address: UnsafeBufferPointer<UInt8>) -> Int {
    address.lastIndex(of: UInt8(ascii: "@")) ?? address.endIndex
  }

  /// A chip for each line: the number of a tint and a name.
  private static func tags(_ lines: String) -> HTML {
    var writer = HTMLWriter()
    for line in lines.split(separator: "\n") {
      writer.markup("<span class=\"chip tag ")
      writer.text(Tint.named(Int(line.prefix { $0 != " " }) ?? 0))
      writer.markup("\">")
      writer.text(String(line.drop { $0 != " " }.dropFirst()))
      writer.markup("</span> ")
    }
    return writer.finish()
  }
}

extension RenderContext {
  var formats: Formats { Formats(language: language, zone: ZoneClock(timeZone), now: now) }
}
