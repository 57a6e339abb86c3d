package import Base
import Web

/// What an operation of the API answers.
package struct APIAnswer: Sendable {
  var status = 200
  /// JSON; empty where there is nothing to say.
  var body: [UInt8] = []
  var headers: [(name: String, value: String)] = []

  package init(_ json: JSON, status: Int = 200) {
    self.status = status
    json.write(to: &body)
  }

  init(body: [UInt8], status: Int = 200) {
    self.status = status
    self.body = body
  }

  /// It is done, and there is nothing to show.
  package static let done = APIAnswer(body: [], status: 204)

  /// The version of what is shown, by which `If-Match` refers to it.
  func tagged(_ version: Int) -> APIAnswer { with("ETag", "\"\(version)\"") }

  package func with(_ name: String, _ value: String) -> APIAnswer {
    var copy = self
    copy.headers.append((name, value))
    return copy
  }

  var response: Response {
    var response = body.isEmpty ? Response(status: status) : Response.json(body, status: status)
    for header in headers { response.headers.add(header.name, header.value) }
    return response
  }
}
