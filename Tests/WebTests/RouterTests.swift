import TestKit
import Testing
import Web

struct RouterTests {
  private func router(_ routes: (Request.Method, String)...) throws -> Router<String> {
    try Router(routes.map { ($0.0, $0.1, "\($0.0.rawValue) \($0.1)") })
  }

  /// The result of routing as text: handler and parameters, or methods, or nothing.
  private func found(_ router: Router<String>, _ method: Request.Method, _ path: String, _ names: String...) -> String {
    switch router.find(method, path.split(separator: "/").map(String.init)) {
    case .found(let handler, let parameters): ([handler] + names.map { "\($0)=\(parameters[$0] ?? "nil")" }).joined(separator: " ")
    case .methodNotAllowed(let methods): "only " + methods.map(\.rawValue).joined(separator: " ")
    case .notFound: "nothing"
    }
  }

  @Test func `literal segments and placeholders match their handler`() throws {
    let router = try router(
      (.get, "/"), (.get, "/contacts"), (.get, "/contacts/{id}"), (.get, "/contacts/{id}/{tab}"), (.post, "/contacts"))
    #expect(found(router, .get, "/") == "GET /")
    #expect(found(router, .get, "/contacts") == "GET /contacts")
    #expect(found(router, .post, "/contacts") == "POST /contacts")
    #expect(found(router, .get, "/contacts/7", "id", "tab") == "GET /contacts/{id} id=7 tab=nil")
    #expect(found(router, .get, "/contacts/7/files", "id", "tab") == "GET /contacts/{id}/{tab} id=7 tab=files")
  }

  @Test(arguments: ["/contacts", "/contacts/1/2/3", "/Contacts/1", "/{id}", "/contacts/1/"])
  func `only whole paths match, case-sensitively`(path: String) throws {
    let expected = path == "/contacts/1/" ? "GET /contacts/{id}" : "nothing"
    #expect(found(try router((.get, "/contacts/{id}")), .get, path) == expected)
  }

  @Test func `a literal takes precedence over a placeholder, in any order`() throws {
    let router = try router((.get, "/c/{id}"), (.get, "/c/new"), (.get, "/c/{id}/edit"), (.get, "/c/new/{step}"))
    #expect(found(router, .get, "/c/new") == "GET /c/new")
    #expect(found(router, .get, "/c/newer", "id") == "GET /c/{id} id=newer")
    #expect(found(router, .get, "/c/new/edit", "step") == "GET /c/new/{step} step=edit")
  }

  @Test func `a literal without a match falls back to the placeholder`() throws {
    let router = try router((.get, "/a/b/c"), (.get, "/a/{x}/d"), (.get, "/{y}/b/e/{z}"))
    #expect(found(router, .get, "/a/b/c") == "GET /a/b/c")
    #expect(found(router, .get, "/a/b/d", "x") == "GET /a/{x}/d x=b")
    #expect(found(router, .get, "/a/b/e/f", "y", "z", "x") == "GET /{y}/b/e/{z} y=a z=f x=nil")
    #expect(found(router, .get, "/a/b") == "nothing")
  }

  @Test func `a path that exists for other methods names them`() throws {
    let router = try router((.get, "/a"), (.post, "/a"), (.post, "/b"), (.get, "/c"), (.post, "/{id}"))
    #expect(found(router, .get, "/b") == "only POST")
    #expect(found(router, .head, "/b") == "only POST")
    #expect(found(router, .get, "/d") == "only POST")
  }

  @Test func `a literal without the method falls back to a placeholder that has it`() throws {
    let router = try router((.get, "/c/{tab}"), (.post, "/c/notes"), (.get, "/c/new"))
    #expect(found(router, .get, "/c/notes", "tab") == "GET /c/{tab} tab=notes")
    #expect(found(router, .post, "/c/notes") == "POST /c/notes")
    #expect(found(router, .post, "/c/new") == "only GET HEAD")
  }

  @Test func `GET answers for HEAD, unless HEAD has its own route`() throws {
    let router = try router((.get, "/a"), (.get, "/b"), (.head, "/b"))
    #expect(found(router, .head, "/a") == "GET /a")
    #expect(found(router, .head, "/b") == "HEAD /b")
    #expect(found(router, .get, "/b") == "GET /b")
    #expect(found(router, .post, "/b") == "only GET HEAD")
  }

  @Test func `placeholders at one position can have different names`() throws {
    let router = try router((.get, "/c/{id}"), (.get, "/c/{contact}/notes/{note}"))
    #expect(found(router, .get, "/c/1", "id") == "GET /c/{id} id=1")
    #expect(found(router, .get, "/c/1/notes/2", "contact", "note", "id") == "GET /c/{contact}/notes/{note} contact=1 note=2 id=nil")
  }

  @Test func `the table can be listed`() throws {
    let routes = try router((.post, "/b/{x}"), (.get, "/a")).routes
    #expect(routes.map { "\($0.method.rawValue) \($0.pattern)" } == ["POST /b/{x}", "GET /a"])
  }

  @Test(arguments: [
    (["/a", "/a"], "GET /a matches the same requests as GET /a"),
    (["/a/{x}/b", "/a/{y}/b"], "GET /a/{y}/b matches the same requests as GET /a/{x}/b"),
    (["a"], "a: a pattern must start with a slash"), ([""], ": a pattern must start with a slash"),
    (["/a/"], "/a/: a pattern must not have empty segments or a trailing slash"),
    (["/a//b"], "/a//b: a pattern must not have empty segments or a trailing slash"),
    (["/{id}/{id}"], "/{id}/{id}: {id} is used twice"),
    (["/a/{}"], "/a/{}: “{}” is neither a plain segment nor a {placeholder}"),
    (["/a{id}"], "/a{id}: “a{id}” is neither a plain segment nor a {placeholder}"),
    (["/{a}{b}"], "/{a}{b}: “{a}{b}” is neither a plain segment nor a {placeholder}"),
    (["/a?b"], "/a?b: “a?b” is neither a plain segment nor a {placeholder}"),
    (["/a%20b"], "/a%20b: “a%20b” is neither a plain segment nor a {placeholder}"),
  ])
  func `an invalid table is refused when it is built`(patterns: [String], message: String) {
    let error = #expect(throws: RouteError.self) { try Router(patterns.map { (Request.Method.get, $0, 0) }) }
    #expect(error?.description == message)
  }

  @Test func `random paths match as in a linear search`() throws {
    var random = SplitMix(seed: 7)
    let words = ["a", "b", "c", "{x}"]
    for _ in 0..<300 {
      var table: [(Request.Method, String, [String])] = []
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let segments = (0..<Int.random(in: 1...4, using: &random)).map { _ in words.randomElement(using: &random) ?? "a" }
        let isNew = !table.contains { $0.2 == segments }
        let named = segments.enumerated().map { $1 == "{x}" ? "{x\($0)}" : $1 }
        if isNew { table.append((.get, "/" + named.joined(separator: "/"), segments)) }
      }
      let router = try Router(table)
      for _ in 0..<40 {
        let path = (0..<Int.random(in: 0...5, using: &random)).map { _ in ["a", "b", "c", "d"].randomElement(using: &random) ?? "a" }
        let fitting = table.map(\.2).filter { $0.count == path.count && zip($0, path).allSatisfy { $0 == "{x}" || $0 == $1 } }
        // Literals before placeholders, from the left.
        let best = fitting.min { zip($0, $1).first { $0 != $1 }.map { $0.0 != "{x}" } ?? false }
        if case .found(let segments, _) = router.find(.get, path) { #expect(segments == best) } else { #expect(best == nil) }
      }
    }
  }
}
