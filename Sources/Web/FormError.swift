/// Why a posted form can't be read. A client error: 400, or 415 if `isUnsupportedType`, or 413 if `isTooLarge`.
package struct FormError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kinds of error.
  package enum Reason: Sendable, Equatable {
    /// Neither `application/x-www-form-urlencoded` nor `multipart/form-data`.
    case unsupportedType
    case brokenEscape
    case invalidUTF8
    case nulCharacter
    case tooManyFields(Int)
    case tooLarge(bytes: Int)
    /// The multipart structure is malformed; a few words explain how.
    case malformed(String)
    /// The file that the body was streamed to can't be read back.
    case unreadable
  }

  /// The kind of error.
  package let reason: Reason
  /// The field with the error, if known.
  package let field: String?

  init(_ reason: Reason, field: String? = nil) {
    self.reason = reason
    self.field = field
  }

  /// The body isn't a form at all: 415.
  package var isUnsupportedType: Bool { reason == .unsupportedType }

  /// A limit was exceeded: 413.
  package var isTooLarge: Bool {
    switch reason {
    case .tooManyFields, .tooLarge: true
    default: false
    }
  }

  /// The error as a message for the client.
  package var description: String {
    let what =
      switch reason {
      case .unsupportedType: "not a form"
      case .brokenEscape: "invalid % escape"
      case .invalidUTF8: "the text is not valid UTF-8"
      case .nulCharacter: "the text contains a NUL character"
      case .tooManyFields(let most): "more than \(most) fields"
      case .tooLarge(let bytes): "more than \(bytes) bytes"
      case .malformed(let how): how
      case .unreadable: "the uploaded data can’t be read from the disk"
      }
    return field.map { "\(what), in the field “\(String($0.prefix(100)))”" } ?? what
  }
}

/// Limits of a form. The whole body has a limit of its own, given to the server by `Plan`.
package struct FormLimits: Sendable {
  /// Fields of a urlencoded form, parts of a multipart one.
  package var fields: Int
  /// Bytes of one decoded text.
  package var fieldBytes: Int
  /// Bytes of all texts of a multipart form together: what stays in memory while its files are streamed.
  package var textBytes: Int

  /// Limits; the defaults are generous for forms that people fill in.
  package init(fields: Int, fieldBytes: Int = 1 << 20, textBytes: Int = 4 << 20) {
    self.fields = fields
    self.fieldBytes = fieldBytes
    self.textBytes = textBytes
  }

  /// 8,000 fields: a document has up to 500 lines of eleven.
  package static let urlencoded = FormLimits(fields: 8_000)
  /// As many parts: whether a form is sent the one way or the other depends on whether it takes files.
  package static let multipart = FormLimits(fields: 8_000)
}
