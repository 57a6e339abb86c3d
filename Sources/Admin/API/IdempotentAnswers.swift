import Base
import Crypto
import Store
import Web

/// A request with an `Idempotency-Key` is done once: the key and the answer are stored in the transaction of the act, and the same request gets that
/// answer again. What fails uses no key up.
enum IdempotentAnswers {
  static let header = "Idempotency-Key"
  /// How long a key is kept, in seconds.
  private static let life = 24 * 3600
  private static let longestKey = 255

  static func once(_ context: RequestContext, in db: Database, _ body: () throws -> APIAnswer) throws -> APIAnswer {
    guard let sent = context.request.headers[header] else { return try body() }
    guard 1...longestKey ~= sent.utf8.count else {
      throw APIProblem(.badRequest, Message("Idempotency-Key has 1 to {n} characters.", ["n": String(longestKey)]))
    }
    guard let session = context.session else { throw HTTPError.notFound }
    let (token, key, content) = (session.id, Digest.hash(sent), fingerprint(context.request))
    let now = context.now
    let first = try db.first(
      """
      SELECT content, status, headers, body FROM api_answers
      WHERE token_id = \(token) AND key = \(key) AND at > \(now.adding(seconds: -life))
      """
    ) { (content: $0.text(0), answer: APIAnswer(status: $0.int(1), headers: $0.text(2), body: $0.bytes(3))) }
    if let first {
      guard first.content == content else {
        throw APIProblem(.keyReused, Message("Use a new key for each request, and the same one only to send a request again."))
      }
      return first.answer.with("Idempotent-Replayed", "true")
    }
    let answer = try body()
    try db.run("DELETE FROM api_answers WHERE at <= \(now.adding(seconds: -life))")
    try db.run(
      """
      INSERT INTO api_answers (token_id, key, content, status, headers, body, at)
      VALUES (\(token), \(key), \(content), \(answer.status), \(answer.headersText), \(answer.body), \(now))
      """)
    return answer
  }

  @Sendable static func forget(_ record: RecordID, in db: Database) throws {
    try db.run("DELETE FROM api_answers WHERE instr(CAST(body AS TEXT), \(record.text)) > 0")
  }

  /// What makes two requests the same.
  private static func fingerprint(_ request: Request) -> String {
    var bytes = Array("\(request.method.rawValue) \(request.target)\n\(request.headers["If-Match"] ?? "")\n".utf8)
    if case .bytes(let body) = request.body { bytes += body }
    return Digest.hex(Digest.hash(bytes))
  }
}

extension APIAnswer {
  fileprivate init(status: Int, headers: String, body: [UInt8]) {
    self.init(body: body, status: status)
    if case .object(let members)? = try? JSON(parsing: headers) {
      self.headers = members.map { ($0.name, $0.value.string ?? "") }
    }
  }

  fileprivate var headersText: String {
    JSON.object(headers.map { JSON.Member(name: $0.name, value: .string($0.value)) }).text
  }
}
