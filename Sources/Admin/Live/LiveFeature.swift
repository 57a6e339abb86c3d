import Base
import Web

package let live = Feature(name: "live", routes: [.get("/admin/crm/live", .see(.live), listen)])

/// Events as they happen, from the page's position: `?since=` at first, the browser's last event ID after a reconnect.
@Sendable private func listen(_ context: RequestContext) throws -> Response {
  guard let session = context.session else { throw HTTPError.notFound }
  let hub = context.services.live
  let heard = context.request.headers["Last-Event-ID"] ?? context.query["since"]
  // A number from the future, of a database that was put back since, is now.
  let place = max(0, min(heard.flatMap { Int($0) } ?? hub.latest, hub.latest))
  let stream = EventStream { [weak hub] in hub?.remove($0) }
  stream.send(Array("retry: 2000\n\n".utf8))
  hub.add(
    LiveHub.Listener(
      session: session.id, grants: session.user.grants, stream: stream, place: place, reach: try context.reach,
      seesJobs: context.may(.full, on: .settings)))
  var response = Response(status: 200, body: .events(stream))
  response.headers.set("Content-Type", "text/event-stream")
  // Proxies that gather answers would keep the news to themselves.
  response.headers.set("X-Accel-Buffering", "no")
  return response
}

extension Resource {
  /// What happens to records, as it happens; each event only to those who may see its record.
  package static let live = Resource(implied: "live")
}
