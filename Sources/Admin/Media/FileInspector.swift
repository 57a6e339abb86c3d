import FileTypes
import Imaging

/// Looks into files that people bring: what they are, and a small copy of those that are pictures. What looks into somebody else's bytes may be
/// misled by them, so the server lets a process of its own do it.
package protocol FileInspector: Sendable {
  /// What a file is, by its content. One that says to be a picture is decoded: its head alone doesn't tell whether it can be shown.
  func facts(of path: String, name: String) -> FileFacts
  /// Writes a small upright picture without metadata that fits a square of so many pixels; `false` if there is none to be made.
  func thumbnail(of path: String, side: Int, to target: String) -> Bool
  /// Writes a picture again, upright and without metadata, that fits so many pixels; `false` if there is none to be made. Drawings stay sharp.
  func drawing(of path: String, width: Int, height: Int, to target: String) -> Bool
}

/// What a file's content says of it.
package struct FileFacts: Sendable, Equatable {
  /// A MIME type.
  package var type: String
  /// In pixels as a person sees it; of pictures that can be shown only.
  package var width: Int?
  package var height: Int?
  /// Of a picture that can't be shown: why.
  package var problem: Problem?

  /// Why a picture is none to show.
  package enum Problem: String, Sendable {
    case damaged, unsupported, tooManyPixels
  }

  package init(type: String, width: Int? = nil, height: Int? = nil, problem: Problem? = nil) {
    self.type = type
    self.width = width
    self.height = height
    self.problem = problem
  }

  static func isPicture(_ type: String) -> Bool { FileTypes.isPicture(type) }
}

/// Looks into files in this very process: for the process that the server starts for it, for commands and tests.
package struct DirectInspector: FileInspector {
  package init() {}

  package func facts(of path: String, name: String) -> FileFacts {
    let facts = head(of: path, name: name)
    return facts.width == nil || canShow(path) ? facts : FileFacts(type: facts.type, problem: .damaged)
  }

  /// What the beginning of a file says of it.
  package func head(of path: String, name: String) -> FileFacts {
    var facts = FileFacts(type: FileTypes.sniff(path, name: name))
    guard FileTypes.isPicture(facts.type) else { return facts }
    do {
      let info = try Imaging.inspect(path)
      let most = info.format == .jpeg ? Imaging.mostPixels : Imaging.mostWholePixels
      if info.width * info.height > most { facts.problem = .tooManyPixels } else { (facts.width, facts.height) = info.displaySize }
    } catch {
      facts.problem = error == .unsupported ? .unsupported : .damaged
    }
    return facts
  }

  /// Whether a small copy can be made of a picture.
  package func canShow(_ path: String) -> Bool { (try? Imaging.check(path)) != nil }

  package func thumbnail(of path: String, side: Int, to target: String) -> Bool {
    (try? Imaging.thumbnail(of: path, side: side, to: target)) != nil
  }

  package func drawing(of path: String, width: Int, height: Int, to target: String) -> Bool {
    (try? Imaging.fitted(path, width: width, height: height, keepsPNG: true, to: target)) != nil
  }
}
