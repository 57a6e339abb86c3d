import Foundation
import Testing

/// Keeps archaic and translated-sounding phrases out of page texts, comments and documents.
@Suite struct WordingTests {
  /// Regular expressions, matched as whole words in any case, across line breaks.
  static let phrases = [
    // Archaic words.
    "who(m)?ever", "meanwhile", "anew", "lately", "bears", "mend(s|ed)?", "for ever",
    "(whence|whither|thither|hither|therein|thereof|wherein)",
    // Verbs of place and speech where English uses "is", "has" or a plain verb.
    "stands", "stand (here|there|in the way|beside|behind|below|above)", "lies? (in|on|beside|behind|below|under|there|here)",
    "(is|was|were) (told|said)", "(hear|hears) of", "leads? nowhere", "at hand",
    // Translated phrases.
    "(write|writes|writing|written|wrote) (it |this |that )?down", "for good(?! reason)", "who (asks|wants|reads|writes|looks|gets|forgot)",
    "(put|puts|set|sets) (it |them |that )?right", "(came|comes|come) to nothing", "of before", "such as are", "no way back",
    "half done", "one’s own",
    // Metaphors and old names.
    "the house", "turnstile", "rouse", "tellAll", "bringIn", "workOut", "patience",
  ]

  @Test func `pages, comments and documents are in plain modern English`() throws {
    let expression = try NSRegularExpression(pattern: "\\b(\(Self.phrases.joined(separator: "|")))\\b", options: .caseInsensitive)
    var found: [String] = []
    for (file, content) in try files() {
      let text = Prose(content)
      let range = NSRange(location: 0, length: text.joined.length)
      for match in expression.matches(in: text.joined as String, range: range) {
        found.append("\(file):\(text.line(at: match.range.location)): “\(text.joined.substring(with: match.range))”")
      }
    }
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test func `a phrase is found with its line, even across a line break`() {
    let text = Prose("let a = 1\n  /// Kept for\n  /// good.\n")
    let range = text.joined.range(of: "for good")
    #expect(range.location != NSNotFound)
    #expect(text.line(at: range.location) == 2)
  }

  /// All checked files: paths relative to the package, and contents.
  private func files() throws -> [(path: String, content: String)] {
    let folders = ["Sources", "Templates", "Public", "Scripts", "Tests/TestKit", "docs"]
    let endings: Set = ["swift", "c", "cpp", "h", "css", "js", "html", "po", "py", "md", ""]
    var paths = ["README.md", "CONTRIBUTING.md", "Package.swift"]
    for folder in folders {
      paths += try FileManager.default.subpathsOfDirectory(atPath: TestApp.resources + "/" + folder).map { folder + "/" + $0 }
    }
    return paths.sorted().filter { path in
      endings.contains(URL(fileURLWithPath: path).pathExtension)
    }.compactMap { path in
      // Folders have no content.
      (try? String(contentsOfFile: TestApp.resources + "/" + path, encoding: .utf8)).map { (path, $0) }
    }
  }
}

/// A file's lines joined by spaces, without indentation and comment marks, so that a phrase can continue on the next line.
private struct Prose {
  let joined: NSString
  private let starts: [Int]

  init(_ text: String) {
    var starts: [Int] = []
    var joined = ""
    var length = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.drop { " \t/#*\"".contains($0) }
      starts.append(length)
      length += words.utf16.count + 1
      joined += words
      joined += " "
    }
    self.joined = joined as NSString
    self.starts = starts
  }

  /// The line at a position, from 1.
  func line(at position: Int) -> Int { starts.lastIndex { $0 <= position }.map { $0 + 1 } ?? 1 }
}
