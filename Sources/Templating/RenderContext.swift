package import Base

/// The context of a rendering besides the page: for whom and when. Lives for one page.
package struct RenderContext: Sendable {
  package let globals: ViewData
  package let language: Language
  /// IANA.
  package let timeZone: String
  package let now: Timestamp

  package init(globals: ViewData, language: Language, timeZone: String = "UTC", now: Timestamp) {
    self.globals = globals
    self.language = language
    self.timeZone = timeZone
    self.now = now
  }
}
