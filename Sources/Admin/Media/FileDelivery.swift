import Base
import Blobs
import Glibc
import Store
import Web

/// Sends files to those who may see them.
package enum FileDelivery {
  static let routes: [Route] = [
    .get("/admin/crm/files/{file}", .see(.files), send),
    .get("/admin/crm/files/{file}/thumbnail/{side}", .see(.files), effort: .files, thumbnail),
  ]

  /// Pictures are shown, everything else is saved; `?save` saves those too.
  @Sendable private static func send(_ context: RequestContext) throws -> Response {
    let file = try find(context)
    let media = context.services.media
    let path = media.blobs.path(of: file.checksum)
    guard access(path, R_OK) == 0 else { throw HTTPError.notFound }
    // Promised bytes that never come would keep the browser waiting, and half a file is worse than none.
    guard media.blobs.fault(of: file.checksum, size: file.size, reading: false) == nil else { throw HTTPError.damagedFile(file.name) }
    return FileDownload(
      path: path, size: file.size, type: harmless(file.type), name: file.name, tag: "\"\(file.checksum)\"",
      isInline: file.isPicture && context.query["save"] == nil
    ).response(to: context.request)
  }

  @Sendable private static func thumbnail(_ context: RequestContext) throws -> Response {
    guard let side = Int(context.parameters["side"] ?? "").flatMap({ Thumbnails.Side(rawValue: $0) }) else { throw HTTPError.notFound }
    let file = try find(context)
    let media = context.services.media
    guard file.isPicture else { throw HTTPError.notFound }
    guard let small = media.thumbnails.path(of: file.checksum, from: media.blobs.path(of: file.checksum), side: side) else {
      return unreadable
    }
    var response = FileDownload(
      path: small.path, size: small.size, type: isPNG(small.path) ? "image/png" : "image/jpeg", name: file.name,
      tag: "\"\(file.checksum)-\(side.rawValue)\"", isInline: true
    ).response(to: context.request)
    // The bytes behind a file's id never change.
    response.headers.set("Cache-Control", "private, max-age=604800, immutable")
    return response
  }

  /// In the place of a picture that was taken before it was decoded at upload, or is damaged on the disk by now: a frame with a line through it.
  private static var unreadable: Response {
    var response = Response(status: 200)
    response.headers.set("Content-Type", "image/svg+xml")
    response.headers.set("Cache-Control", "no-store, private")
    response.body = .bytes(
      Array(
        #"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 18" fill="none" stroke="#7f8b87"><path d="M8 5h8v8H8zM7 14 17 4"/></svg>
        """#.utf8))
    return response
  }

  /// What a browser could run or render as a page is sent as plain bytes, so that no page of ours can make use of it either.
  private static func harmless(_ type: String) -> String {
    let isShown = FileFacts.isPicture(type) || type.hasPrefix("audio/") || type.hasPrefix("video/")
    return isShown || ["application/pdf", "text/plain", "text/csv", "application/zip"].contains(type) ? type : "application/octet-stream"
  }

  private static func find(_ context: RequestContext) throws -> MediaFile {
    let id = try context.id("file")
    guard let file = try context.store.read({ db in try FileStore.find(id, for: context, in: db) }),
      !file.isTrashed || context.may(.write, on: .files)
    else { throw HTTPError.notFound }
    return file
  }

  private static func isPNG(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var first: UInt8 = 0
    return read(descriptor, &first, 1) == 1 && first == 0x89
  }
}
