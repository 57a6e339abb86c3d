import Synchronization

/// The static files: style sheets, scripts, icons. Read once at start, compressed once, served from memory.
///
/// All are below `/assets/<digest>/`, one digest over everything, so that relative imports between modules and `url()`
/// in style sheets work and browsers can cache every URL indefinitely.
package final class Assets: Sendable {
  /// Files from outside the folder.
  package enum Extra: Sendable {
    /// One file under another name; skipped if it doesn't exist.
    case file(String, as: String)
    /// SVG icons of a folder as one sprite with a symbol per name.
    case icons(from: String, names: [String], as: String)
  }

  /// An asset that exists but can't be read.
  package struct Failure: Error, CustomStringConvertible {
    /// The asset and its path.
    package let description: String
  }

  private struct State {
    var bundle: AssetBundle
    var checked: ContinuousClock.Instant
    /// Why changed files can't be served, as last reported.
    var failure: String?
  }

  private static let forever = "public, max-age=31536000, immutable"

  private let folder: String
  private let extra: [Extra]
  private let linking: [String]
  /// What never changes is read without a lock: a page has many asset URLs.
  private let fixed: AssetBundle?
  private let checkEvery: Duration
  private let report: @Sendable (String) -> Void
  private let state: Mutex<State>

  /// Loads everything below `folder`, and the extra files. Those in `linking` are bundled with their imports. With
  /// `reloads` changed files are read again (for development), at most once per `checkEvery`; errors go to `report`.
  package init(
    folder: String, extra: [Extra] = [], linking: [String] = [], reloads: Bool = false, checkEvery: Duration = .milliseconds(200),
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(Failure) {
    self.folder = folder
    self.extra = extra
    self.linking = linking
    self.checkEvery = checkEvery
    self.report = report
    let bundle = try AssetBundle(folder: folder, extra: extra, linking: linking)
    fixed = reloads ? nil : bundle
    state = Mutex(State(bundle: bundle, checked: .now))
  }

  /// The URL of an asset, `css/roost.css` → `/assets/1f…/css/roost.css`. An unknown name gets a URL that answers 404.
  package func url(_ name: String) -> String { current.address + name }

  /// Whether there is an asset of that name.
  package func contains(_ name: String) -> Bool { current.assets[name] != nil }

  /// The response to a request below `/assets` or for a favicon; `nil` for any other.
  ///
  /// An outdated digest (of a page rendered before an upgrade) gets the current file, but uncached.
  package func response(to request: Request) -> Response? {
    if request.path.count == 1, request.path[0] == "favicon.ico" || request.path[0] == "favicon.svg" {
      return answer(to: request, "icons/roost.svg", "public, max-age=86400")
    }
    guard request.path.first == "assets" else { return nil }
    guard request.path.count > 2 else { return .text("File not found.\n", status: 404) }
    let name = request.path[2...].joined(separator: "/")
    return answer(to: request, name, request.path[1] == current.digest ? Self.forever : "no-cache")
  }

  private func answer(to request: Request, _ name: String, _ cacheControl: String) -> Response {
    guard request.method.isSafe else {
      var refusal = Response.text("Method not allowed.\n", status: 405)
      refusal.headers.set("Allow", "GET, HEAD")
      return refusal
    }
    guard let asset = current.assets[name] else { return .text("File not found.\n", status: 404) }
    return asset.response(to: request, cacheControl: cacheControl)
  }

  private var current: AssetBundle {
    if let fixed { return fixed }
    return state.withLock { state in
      refresh(&state)
      return state.bundle
    }
  }

  private func refresh(_ state: inout State) {
    let now = ContinuousClock.now
    guard now - state.checked >= checkEvery else { return }
    state.checked = now
    guard AssetBundle.stamps(folder: folder, extra: extra) != state.bundle.stamps else { return }
    do throws(Failure) {
      state.bundle = try AssetBundle(folder: folder, extra: extra, linking: linking, former: state.bundle)
      state.failure = nil
    } catch {
      // A file that is being written can't be read for a moment: the previous assets stay until the next check.
      if state.failure != error.description { report(error.description) }
      state.failure = error.description
    }
  }
}
