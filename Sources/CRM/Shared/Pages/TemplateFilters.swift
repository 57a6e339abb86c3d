import Templating
import Web

/// The filters that the product's templates have besides the engine's own.
enum TemplateFilters {
  static func all(assets: Assets?) -> [String: FilterDefinition] {
    [
      "asset": FilterDefinition { value, _, _ in .text(assets?.url(value.text) ?? value.text) },
      "initials": FilterDefinition { value, _, _ in .text(Initials.of(value.text)) },
    ]
  }
}
