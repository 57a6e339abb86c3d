import Templating
import Web

/// The filters that the product's templates have besides the engine's own.
enum TemplateFilters {
  static func all(assets: Assets?) -> [String: FilterDefinition] {
    ["asset": FilterDefinition(arguments: 0...0) { value, _, _ in .text(assets?.url(value.text) ?? value.text) }]
  }
}
