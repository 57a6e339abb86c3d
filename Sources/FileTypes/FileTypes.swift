import CMagic
import Glibc

/// Detects the type of a file by its content with libmagic. Its name only decides where contents look alike.
package enum FileTypes {
  /// The MIME type, `application/octet-stream` if unknown. The first call is slow: libmagic loads its database.
  package static func sniff(_ path: String, name: String) -> String {
    guard let magic = magic_open(MAGIC_MIME_TYPE | MAGIC_SYMLINK | MAGIC_ERROR) else { return unknown }
    defer { magic_close(magic) }
    // An untrusted file: only its start is examined, within limits.
    var bytes = 1 << 20
    magic_setparam(magic, MAGIC_PARAM_BYTES_MAX, &bytes)
    guard magic_load(magic, nil) == 0, let found = magic_file(magic, path) else { return unknown }
    return refined(String(cString: found), name: name)
  }

  /// Whether pages show such a file as an image. Never SVG, which can contain scripts.
  package static func isPicture(_ type: String) -> Bool { ["image/jpeg", "image/png", "image/gif", "image/webp"].contains(type) }

  private static let unknown = "application/octet-stream"

  /// Text formats look alike, and office files are ZIP archives.
  private static func refined(_ type: String, name: String) -> String {
    let ending = name.split(separator: ".").count > 1 ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
    switch type {
    case "inode/x-empty", "application/x-empty": return unknown
    case "text/plain": return texts[ending] ?? type
    case "application/zip", "application/octet-stream": return archives[ending] ?? type
    default: return type.contains("/") ? type : unknown
    }
  }

  private static let texts = [
    "csv": "text/csv", "md": "text/markdown", "ics": "text/calendar", "vcf": "text/vcard", "tsv": "text/tab-separated-values",
  ]

  private static let archives = [
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
  ]
}
