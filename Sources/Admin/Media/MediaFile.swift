package import Base

/// A file of the media library.
package struct MediaFile: Sendable {
  let seq: Int
  package let id: RecordID
  package let name: String
  /// The MIME type that its content told.
  let type: String
  /// In bytes.
  package let size: Int
  let checksum: String
  /// In pixels as a person sees it; of pictures only.
  let pixels: (width: Int, height: Int)?
  package let createdAt: String
  package let uploadedBy: String
  let isTrashed: Bool
  /// Grows with each renaming.
  let version: Int
  /// Before it was last renamed.
  let formerName: String?

  /// Whether it is shown as a picture: one that can't be decoded has no size in pixels, and is a file like others.
  var isPicture: Bool { pixels != nil && FileFacts.isPicture(type) }
  package var href: String { "/admin/crm/files/" + id.text }

  /// The address of a small picture of it that fits a square of so many pixels.
  package func thumbnail(_ side: Thumbnails.Side) -> String? { isPicture ? "\(href)/thumbnail/\(side.rawValue)" : nil }

  /// A Bootstrap icon's name.
  var icon: String {
    switch type {
    case _ where isPicture: "image"
    case _ where type.hasPrefix("image/"): "file-earmark-image"
    case "application/pdf": "file-earmark-pdf"
    case _ where type.hasPrefix("audio/"): "file-earmark-music"
    case _ where type.hasPrefix("video/"): "file-earmark-play"
    case _ where type.hasPrefix("text/"): "file-earmark-text"
    case _ where type.contains("spreadsheet") || type.contains("excel"): "file-earmark-spreadsheet"
    case _ where type.contains("word") || type.contains("opendocument.text"): "file-earmark-richtext"
    case "application/zip", "application/gzip", "application/x-tar", "application/x-7z-compressed": "file-earmark-zip"
    default: "file-earmark"
    }
  }

  static let longestName = 255
}
