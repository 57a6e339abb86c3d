import CQPDF

/// Completes a file with what cairo can't write: its language, so that it is read aloud as such, and that its title is shown. Packs it too:
/// the structure of a long table is most of its file.
enum Catalogue {
  static func complete(_ bytes: [UInt8], language: String) throws(PDFError) -> [UInt8] {
    var file: qpdf_data? = qpdf_init()
    defer { qpdf_cleanup(&file) }
    // Errors are returned; nothing is printed.
    qpdf_silence_errors(file)
    qpdf_set_suppress_warnings(file, 1)
    let isRead = bytes.withUnsafeBytes { buffer in
      qpdf_read_memory(file, "", buffer.baseAddress?.assumingMemoryBound(to: CChar.self), UInt64(buffer.count), nil)
    }
    guard isRead == 0 else { throw .failed("catalogue") }
    let root = qpdf_get_root(file)
    qpdf_oh_replace_key(file, root, "/Lang", qpdf_oh_new_unicode_string(file, language))
    let viewing = qpdf_oh_new_dictionary(file)
    qpdf_oh_replace_key(file, viewing, "/DisplayDocTitle", qpdf_oh_new_bool(file, 1))
    qpdf_oh_replace_key(file, root, "/ViewerPreferences", viewing)
    guard qpdf_init_write_memory(file) == 0 else { throw .failed("catalogue") }
    qpdf_set_object_stream_mode(file, qpdf_o_generate)
    // From the content: the same file has the same.
    qpdf_set_deterministic_ID(file, 1)
    guard qpdf_write(file) == 0, let written = qpdf_get_buffer(file) else { throw .failed("catalogue") }
    return Array(UnsafeBufferPointer(start: written, count: Int(qpdf_get_buffer_length(file))))
  }
}
