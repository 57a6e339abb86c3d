import Admin
import Base
import Crypto
import PDF
import Store
import Web

/// The PDFs of documents. That of an issued invoice is made once and kept: whatever changes later, it is the same to the byte.
enum DocumentFiles {
  struct Kept: Sendable {
    let bytes: [UInt8]
    /// In hex.
    let hash: String
  }

  static func kept(for record: RecordID, in db: Database) throws -> Kept? {
    try db.first("SELECT bytes, sha256 FROM document_files WHERE record_id = \(record)") { Kept(bytes: $0.bytes(0), hash: $0.text(1)) }
  }

  static func hash(of record: RecordID, in db: Database) throws -> String? {
    try db.text("SELECT sha256 FROM document_files WHERE record_id = \(record)")
  }

  /// The bytes of a document: those that are kept, or fresh ones.
  static func bytes(of print: DocumentPrint, for context: RequestContext) throws -> [UInt8] {
    let isFixed = print.record.type === RecordType.invoice && print.record.status != "draft"
    if isFixed, let kept = try context.store.read({ db in try kept(for: print.record.id, in: db) }) { return kept.bytes }
    let bytes = try print.pdf(for: context).bytes
    guard isFixed else { return bytes }
    // Of two who open it first at once, one's bytes are kept; both are the same.
    var digest = SHA256()
    digest.add(bytes)
    let hash = digest.finish()
    return try context.services.store.write { db in
      try db.run(
        """
        INSERT INTO document_files (record_id, sha256, bytes, created_at) VALUES (\(print.record.id), \(hash), \(bytes), \(context.now))
        ON CONFLICT (record_id) DO NOTHING
        """)
      return try kept(for: print.record.id, in: db)?.bytes ?? bytes
    }
  }

  /// As a page of its own in the browser.
  static func response(_ print: DocumentPrint, for context: RequestContext) throws -> Response {
    try response(print.fileName(in: print.language(for: context)), of: print.record.id, for: context) { try bytes(of: print, for: context) }
  }

  /// What is made of this record, or why it can't be printed.
  static func response(_ name: String, of record: RecordID, for context: RequestContext, _ make: () throws -> [UInt8]) throws -> Response {
    let bytes: [UInt8]
    do {
      bytes = try make()
    } catch let error as PDFError {
      context.services.log("no PDF", ["record": record.text, "error": "\(error)"])
      throw HTTPError.badRequest(Message("This document can’t be printed: it is too long, or the logo is damaged."))
    }
    var response = Response(status: 200)
    response.headers.set("Content-Type", "application/pdf")
    response.headers.set("Content-Disposition", FileDownload.disposition(name, isInline: true))
    response.headers.set("Cache-Control", "private, no-cache")
    response.headers.set("X-Content-Type-Options", "nosniff")
    response.body = .bytes(bytes)
    return response
  }

  // MARK: Routes

  static let routes: [Route] = [
    route("/admin/crm/quotes/{id}/quote.pdf", .quotes, { .quote }) { .init(kind: .quote, record: $0) },
    route("/admin/crm/orders/{id}/confirmation.pdf", .orders, { .order }) { .init(kind: .confirmation, record: $0) },
    route("/admin/crm/invoices/{id}/invoice.pdf", .invoices, { .invoice }) {
      .init(kind: Invoice.isCreditNote($0) ? .creditNote : .invoice, record: $0)
    },
    .get("/admin/crm/orders/{id}/shipments/{shipment}/delivery-note.pdf", .see(.orders), effort: .write) { context in
      let order = try load(context, .orders, .order)
      let id = try context.id("shipment")
      guard let shipment = try context.store.read({ db in try ShipmentStore.find(id, of: order.id, in: db) }) else {
        throw HTTPError.notFound
      }
      return try response(DocumentPrint(kind: .deliveryNote, record: order, shipment: shipment), for: context)
    },
  ]

  private static func route(
    _ path: String, _ resource: Resource, _ type: @escaping @Sendable () -> RecordType,
    _ print: @escaping @Sendable (Record) -> DocumentPrint
  ) -> Route {
    .get(path, .see(resource), effort: .write) { context in try response(print(try load(context, resource, type())), for: context) }
  }

  private static func load(_ context: RequestContext, _ resource: Resource, _ type: RecordType) throws -> Record {
    let (id, scope) = (try context.id(), try context.scope(of: resource))
    return try context.store.read { db in
      guard let record = try RecordStore.find(id, of: type, scope, in: db) else { throw HTTPError.notFound }
      return record
    }
  }
}
