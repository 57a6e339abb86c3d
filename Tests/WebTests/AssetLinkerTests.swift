import Foundation
import Synchronization
import Testing
import Web

/// A temporary `Public` folder for one test.
private final class Sources {
  let path = NSTemporaryDirectory() + "roost-linking-\(UUID())"

  init(_ files: KeyValuePairs<String, String>) throws {
    for (name, text) in files { try write(name, text) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func linked(_ name: String) throws -> String {
    let assets = try Assets(folder: path, linking: [name])
    return try #require(assets.response(to: .sample(.get, assets.url(name)))).text
  }

  /// The error from linking that asset; `nil` if there is none.
  func problem(_ name: String) -> String? {
    do throws(Assets.Failure) {
      _ = try Assets(folder: path, linking: [name])
      return nil
    } catch {
      return error.description
    }
  }
}

struct AssetLinkerTests {
  @Test func `style sheets follow each other in the order in which they are imported`() throws {
    let sources = try Sources([
      "css/all.css": "/* All. */\n@import \"first.css\";\n@import \"second.css\";\n.all { color: red }\n",
      "css/first.css": "@import \"deeper.css\";\n.first { background: url(\"../icons/x.svg\") }",
      "css/deeper.css": "@layer one, two;\n",
      "css/second.css": ".second::before { content: \"@ import\" }\n",
    ])
    #expect(
      try sources.linked("css/all.css") == """
        /* All. */
        @layer one, two;
        .first { background: url("../icons/x.svg") }
        .second::before { content: "@ import" }
        .all { color: red }

        """)
  }

  @Test func `modules run once, each after what it imports`() throws {
    let sources = try Sources([
      "js/all.js": "// All.\nimport { one, other } from \"./one.js\";\nimport { two } from \"./two.js\";\n\none(two, other);\n",
      "js/one.js": "import { two } from \"./two.js\";\nexport function one() {\n  return two;\n}\nexport const other = 1;\n",
      "js/two.js":
        "/* The second. */\nconst secret = 2;\nexport async function two() {\n  await import(\"../vendor/x.js\");\n}\nexport class $Three {}",
    ])
    #expect(
      try sources.linked("js/all.js") == """
        // js/two.js
        const $3 = (() => {
        /* The second. */
        const secret = 2;
        async function two() {
          await import("../vendor/x.js");
        }
        class $Three {}
        return { two, $Three };
        })();
        // js/one.js
        const $2 = (() => {
        const { two } = $3;
        function one() {
          return two;
        }
        const other = 1;
        return { one, other };
        })();
        // js/all.js
        const $1 = (() => {
        // All.
        const { one, other } = $2;
        const { two } = $3;

        one(two, other);
        return {  };
        })();

        """)
  }

  @Test func `comments contain no imports`() throws {
    let sources = try Sources([
      "js/all.js":
        "/*\nimport { x } from \"./x.js\";\n*/ // import y\n  /* export default */ const a = 1;\nimport.meta.url;\nimport(\"./x.js\");\n",
      "css/all.css": "/*\n@import \"x.css\";\n*/ /* @charset */ a { }\n",
    ])
    #expect(try sources.linked("js/all.js").contains("*/ // import y\n  /* export default */ const a = 1;\n"))
    #expect(try sources.linked("css/all.css") == "/*\n@import \"x.css\";\n*/ /* @charset */ a { }\n")
  }

  @Test(arguments: [
    "import \"./x.js\";", "import x from \"./x.js\";", "import * as x from \"./x.js\";", "import { x as y } from \"./x.js\";",
    "import {x} from \"./x.js\";",
    "import { x } from './x.js';", "import { x } from \"./x.js\"", "import { x } from \"x\";", "import { x } from \"../js/x.js\";",
    "import { x } from \"./deeper/x.js\";", "import { x } from \"/assets/x.js\";", "import { x } from \"./none.js\";",
    "import { none } from \"./x.js\";",
    "import { x, } from \"./x.js\";", "import {", "import { } from \"./x.js\";", "  import { x } from \"./x.js\"; // why",
    "/* why */ import { x } from \"./x.js\";",
    "const a = 1;\nimport { x } from \"./x.js\";", "export default x;", "export { x };", "export * from \"./x.js\";", "export let x = 1;",
    "export var x = 1;",
    "export const { x } = y;", "export function* x() {}", "export async const x = 1;", "export\tconst x = 1;", "  export const x = 1;",
    "await x;",
    "const x = await y;", "import { all } from \"./all.js\";", "import { y } from \"./y.js\";",
  ])
  func `an unsupported form in a module is an error with its line`(form: String) throws {
    let sources = try Sources([
      "js/all.js": "/* The\n   first. */\n" + form + "\n", "js/x.js": "export const x = 1;\n",
      "js/y.js": "\nimport { all } from \"./all.js\";\nexport const y = 1;\n",
    ])
    let problem = try #require(sources.problem("js/all.js"))
    let line = form.contains("./y.js") ? "js/y.js:2: " : "js/all.js:\(2 + form.split(separator: "\n").count): "
    #expect(problem.hasPrefix(line), "\(problem)")
    #expect(problem.hasSuffix(form.contains("./y.js") ? "import { all } from \"./all.js\";" : form.split(separator: "\n").last ?? ""))
  }

  @Test(arguments: [
    "@import url(\"x.css\");", "@import 'x.css';", "@import \"x.css\" print;", "@import \"x.css\" layer(one);", "@import \"x.css\"",
    "@import \"../css/x.css\";",
    "@import \"https://example.com/x.css\";", "@import \"none.css\";", "@import \"all.css\";", "a { }\n@import \"x.css\";",
    "@import \"x.css\";\n@import \"x.css\";",
    "  @import \"x.css\";", "@layer one; @import \"x.css\";", "@charset \"utf-8\";", "@import \"x.css\"; /* why */",
  ])
  func `an unsupported form in a style sheet is an error with its line`(form: String) throws {
    let sources = try Sources(["css/all.css": "/* The first. */\n" + form + "\n", "css/x.css": "a { color: red }\n"])
    let problem = try #require(sources.problem("css/all.css"))
    #expect(problem.hasPrefix("css/all.css:\(1 + form.split(separator: "\n").count): "), "\(problem)")
  }

  @Test func `a missing asset is an error`() throws {
    #expect(try Sources(["js/x.js": ""]).problem("js/all.js") == "the asset js/all.js can’t be read")
  }

  @Test func `in development a change in any part shows, and an error is reported once`() throws {
    let sources = try Sources(["js/all.js": "import { x } from \"./x.js\";\n", "js/x.js": "export const x = 1;\n"])
    let told = Mutex<[String]>([])
    let assets = try Assets(folder: sources.path, linking: ["js/all.js"], reloads: true, checkEvery: .zero) { text in
      told.withLock { $0.append(text) }
    }
    func text() throws -> String { try #require(assets.response(to: .sample(.get, assets.url("js/all.js")))).text }
    try sources.write("js/x.js", "export const x = 23;\n")
    #expect(try text().contains("const x = 23;"))
    try sources.write("js/x.js", "export default 4;\n")
    #expect(try text().contains("const x = 23;"))
    #expect(try text().contains("const x = 23;"))
    #expect(told.withLock { $0 }.map { $0.hasPrefix("js/x.js:1: ") } == [true])
    try sources.write("js/x.js", "export const x = 456;\n")
    #expect(try text().contains("const x = 456;"))
  }
}
