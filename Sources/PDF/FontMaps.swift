import CPango
import Synchronization

/// Pango's font maps. One can't be used by two threads at a time and is slow to make: a rendering borrows one.
final class FontMaps: Sendable {
  /// Inter, and DejaVu for what it doesn't have. The same on every machine, whatever else is installed.
  static let own = FontMaps(folders: ["/usr/share/fonts/opentype/inter", "/usr/share/fonts/truetype/dejavu"])
  /// All that is installed, for scripts that those two lack.
  static let installed = FontMaps(folders: ["/usr/share/fonts", "/usr/local/share/fonts"])

  static let families = "Inter, DejaVu Sans"

  private struct Map: @unchecked Sendable { let pointer: UnsafeMutablePointer<PangoFontMap> }
  private struct Config: @unchecked Sendable { let pointer: OpaquePointer }

  /// As many as can be in use at once on a small machine; each has a thread of its own.
  private static let mostIdle = 4

  private let idle = Mutex<[Map]>([])
  private let config: Config?

  /// The machine's own configuration isn't read: its rules for screens, and for replacing fonts, would change documents.
  private init(folders: [String]) {
    let rules = """
      <fontconfig>\(folders.map { "<dir>\($0)</dir>" }.joined())<cachedir>/var/cache/fontconfig</cachedir>
      <cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
      """
    let config = FcConfigCreate()
    FcConfigParseAndLoadFromMemory(config, rules, 0)
    FcConfigBuildFonts(config)
    self.config = config.map(Config.init)
  }

  /// Calls the closure with a font map that nobody else uses until it is done.
  func with<Result>(_ work: (UnsafeMutablePointer<PangoFontMap>) throws(PDFError) -> Result) throws(PDFError) -> Result {
    let known = idle.withLock { $0.popLast() }
    let map = if let known { known } else { try make() }
    defer {
      idle.withLock { idle in
        if idle.count < Self.mostIdle { idle.append(map) } else { g_object_unref(map.pointer) }
      }
    }
    return try work(map.pointer)
  }

  private func make() throws(PDFError) -> Map {
    guard let config, let map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT) else { throw .failed("fonts") }
    pango_fc_font_map_set_config(OpaquePointer(map), config.pointer)
    return Map(pointer: map)
  }
}
