import Foundation
import Synchronization
package import Testing
package import Web

/// Compares text with its golden file `Tests/<Target>/__Snapshots__/<name>.html` and records an issue with a unified
/// diff if they differ. The name can contain a folder (`contacts/list-empty`). Golden files are written only if
/// `RECORD_SNAPSHOTS=1` is set.
package func assertSnapshot(
  of text: String, named name: String, file: String = #filePath, at place: SourceLocation = #_sourceLocation
) {
  let golden = GoldenFile(named: name, besideTest: file)
  if let problem = golden.problem(with: text) { Issue.record(Comment(rawValue: problem), sourceLocation: place) }
}

/// Compares a response as rendered by `Snapshot.page`, and checks an HTML page against `Rules`.
package func assertSnapshot(
  of response: Response, named name: String, file: String = #filePath, at place: SourceLocation = #_sourceLocation
) {
  for broken in Snapshot.brokenRules(of: response) { Issue.record("\(name): \(broken)", sourceLocation: place) }
  assertSnapshot(of: Snapshot.page(response: response), named: name, file: file, at: place)
}

/// A golden file, and the comparison with it.
struct GoldenFile {
  let name: String
  let path: String

  init(named name: String, besideTest file: String) {
    self.name = name
    path = GoldenFile.testTarget(of: file) + "/__Snapshots__/" + name + ".html"
  }

  /// The folder directly under `Tests` that contains the test, so that all snapshots of a target are in one folder.
  private static func testTarget(of file: String) -> String {
    let folders = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let end = folders.lastIndex(of: "Tests").map { min($0 + 2, folders.endIndex) } ?? folders.endIndex
    return folders[..<end].joined(separator: "/")
  }

  /// Nil if the text matches, or has just been recorded.
  func problem(with text: String, recording: Bool = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1") -> String? {
    if let clash = UsedSnapshots.note(path, text: text) { return "\(name): \(clash)" }
    if recording { return record(text) }
    guard let data = FileManager.default.contents(atPath: path), let recorded = String(data: data, encoding: .utf8) else {
      return "\(name): no snapshot yet; review the page, then record it with RECORD_SNAPSHOTS=1\n\(path)"
    }
    guard recorded != text else { return nil }
    let diff = UnifiedDiff(from: recorded, to: text).text
    return "\(name) differs from its snapshot (- recorded, + now); if that is intended, record it with RECORD_SNAPSHOTS=1\n\(diff)"
  }

  private func record(_ text: String) -> String? {
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      if FileManager.default.contents(atPath: path) != Data(text.utf8) { try Data(text.utf8).write(to: url, options: .atomic) }
      return nil
    } catch {
      return "\(name): could not be recorded: \(error)"
    }
  }
}

/// The golden files used in this run. Also appended to the file that `SNAPSHOTS_USED` names, so that `Scripts/test` can
/// find unused ones.
private enum UsedSnapshots {
  private static let texts = Mutex<[String: String]>([:])

  /// An error if two tests use one name for different texts.
  static func note(_ path: String, text: String) -> String? {
    texts.withLock { known in
      if let earlier = known[path] { return earlier == text ? nil : "another snapshot of this run has the same name but a different text" }
      known[path] = text
      if let list = ProcessInfo.processInfo.environment["SNAPSHOTS_USED"], let file = FileHandle(forAppendingTo: list) {
        file.write(Data((path + "\n").utf8))
      }
      return nil
    }
  }
}

extension FileHandle {
  fileprivate convenience init?(forAppendingTo path: String) {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
    guard descriptor >= 0 else { return nil }
    self.init(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}
