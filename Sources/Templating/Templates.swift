import Foundation
import Synchronization

/// The templates of a folder. During development, a changed file takes effect on the next page; a broken one throws
/// until it is fixed.
package final class Templates: Sendable {
  private let folder: String
  private let filters: [String: FilterDefinition]
  private let globals: ViewSchema
  private let pages: [String: ViewSchema]
  private let fragments: [String: ViewSchema]
  /// What never changes is read without a lock: every page of every thread reads it.
  private let fixed: TemplateSet?
  private let state: Mutex<State>

  private struct State {
    var set: Result<TemplateSet, TemplateErrors>
    var stamp: String
  }

  /// Loads every `*.html` below the folder. Throws `TemplateErrors` with all errors.
  package init(
    folder: String, filters: [String: FilterDefinition] = [:], globals: ViewSchema, pages: [String: ViewSchema],
    fragments: [String: ViewSchema] = [:], reloads: Bool = false
  ) throws {
    self.folder = folder
    self.filters = filters
    self.globals = globals
    self.pages = pages
    self.fragments = fragments
    let set = try TemplateSet(
      sources: try Self.sources(in: folder), filters: filters, globals: globals, pages: pages, fragments: fragments)
    fixed = reloads ? nil : set
    state = Mutex(State(set: .success(set), stamp: reloads ? Self.stamp(of: folder) : ""))
  }

  package var messages: [TemplateMessage] { (try? current().messages) ?? [] }

  package func render(_ template: String, page: ViewData, context: RenderContext) throws -> ByteBuffer {
    try current().render(template, page: page, context: context)
  }

  /// The row template of a page: the template as far as the page and its frame determine it.
  package func rows(_ template: String, page: ViewData, context: RenderContext) throws -> RowTemplate {
    try current().rows(template, page: page, context: context)
  }

  /// A template to be embedded by another one.
  package func fragment(_ template: String, _ data: ViewData, in language: Language) throws -> Value {
    try current().fragment(template, data, in: language)
  }

  private func current() throws -> TemplateSet {
    if let fixed { return fixed }
    let stamp = Self.stamp(of: folder)
    if state.withLock({ $0.stamp != stamp }) {
      let sources = try Self.sources(in: folder)
      let result: Result<TemplateSet, TemplateErrors>
      do {
        result = .success(try TemplateSet(sources: sources, filters: filters, globals: globals, pages: pages, fragments: fragments))
      } catch {
        result = .failure(error)
      }
      state.withLock { $0 = State(set: result, stamp: stamp) }
    }
    return try state.withLock { $0.set }.get()
  }

  /// Names and times of all files, to detect any change.
  private static func stamp(of folder: String) -> String {
    files(in: folder).map { file in
      let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + file)
      let time = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(file):\(time)"
    }.joined(separator: "\n")
  }

  private static func files(in folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".html") }.sorted()
  }

  private static func sources(in folder: String) throws -> [String: String] {
    var sources: [String: String] = [:]
    for file in files(in: folder) {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file))
      sources[String(file.dropLast(5))] = String(decoding: data, as: UTF8.self)
    }
    return sources
  }
}
