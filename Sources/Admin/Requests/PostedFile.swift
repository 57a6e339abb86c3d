import Blobs
import Glibc
import Web

/// A file that came with a form. Gone with the request, unless somebody moves it away.
final class PostedFile {
  /// The form field's name.
  let field: String
  /// As its sender calls it.
  let name: String
  let staged: StagedFile

  init(field: String, name: String, staged: StagedFile) {
    self.field = field
    self.name = name
    self.staged = staged
  }

  /// The field by which the form names it once it is an upload: `papers_upload` for `papers_file`.
  var uploadField: String { (field.hasSuffix("file") ? String(field.dropLast(4)) : "") + "upload" }

  func move(to path: String) throws {
    guard rename(staged.path, path) == 0 else { throw HTTPError.badRequest(Message("The file could not be saved. Try again.")) }
  }

  deinit { staged.remove() }

  /// Reads a posted form whose body is on disk: its fields, and each file into a separate file.
  static func read(_ request: Request, into folder: String) throws -> (form: FormFields, files: [PostedFile]) {
    var events = try FormEvents(request)
    var fields: [FormFields.Field] = []
    var files: [PostedFile] = []
    var current: PostedFile?
    while let event = try events.next() {
      switch event {
      case .field(let field): fields.append(field)
      case .file(let part):
        let staged = StagedFile(path: "\(folder)/upload-\(request.id)-\(files.count)")
        // It exists, be it without a byte.
        try staged.create()
        current = PostedFile(field: part.name, name: part.filename ?? "", staged: staged)
      case .fileBytes(let bytes): try current?.staged.append(bytes)
      case .fileEnd:
        // A file field in which nothing was chosen comes as a file without name and bytes.
        if let file = current, !(file.name.isEmpty && file.staged.size == 0) { files.append(file) }
        current = nil
      }
    }
    return (FormFields(fields), files)
  }
}
