import Base
import Templating
import Web

/// The filters that the product's templates have besides the engine's own.
enum TemplateFilters {
  static func all(assets: Assets?) -> [String: FilterDefinition] {
    [
      "asset": FilterDefinition { value, _, _ in .text(assets?.url(value.text) ?? value.text) },
      "initials": .writing { name, _, out in out.append(Initials.of(name)) },
      "tint": .writing { id, _, out in out.append(Tint.of(id)) },
      "number": .writing { number, context, out in
        let text = String(decoding: number, as: UTF8.self)
        out.append(Int(text).map { context.language.number($0) } ?? text)
      },
      "words": .writing { words, _, out in
        out.append(String(decoding: words, as: UTF8.self).split(separator: ",").joined(separator: ", "))
      },
      "tags": FilterDefinition(result: .html) { lines, _, _ in .html(tags(lines.text)) },
      "status": .writing { status, context, out in out.append(context.formats.status(String(decoding: status, as: UTF8.self))) },
      "country": .writing { code, context, out in out.append(context.formats.country(String(decoding: code, as: UTF8.self))) },
      "day": .writing { moment, context, out in context.formats.appendDay(moment, to: &out) },
      "date": .writing { day, context, out in out.append(context.formats.date(String(decoding: day, as: UTF8.self))) },
      "digits": .writing { phone, _, out in PhoneLink.append(phone, to: &out) },
      "web": .writing { address, _, out in
        if !WebLink.hasScheme(address) { out.append("https://") }
        out.append(address)
      },
    ]
  }
}

extension TemplateFilters {
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
