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

extension RenderContext {
  var formats: Formats { Formats(language: language, zone: ZoneClock(timeZone), now: now) }
}
