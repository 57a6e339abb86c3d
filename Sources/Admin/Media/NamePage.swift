import Base
import Store
import Templating
import Web

/// The form in which a file or a shared folder gets another name: a page, which scripts show in the place of the name.
struct NamePage {
  enum Subject {
    case file(MediaFile)
    case folder(FolderStore.Shared)
  }

  let subject: Subject
  /// Where its forms are posted to.
  let action: String
  let cancelHref: String
  /// As typed.
  var name: String
  var version: Int
  var problem: Message?
  var conflict: Message?

  init(_ subject: Subject, action: String, cancelHref: String) {
    (self.subject, self.action, self.cancelHref) = (subject, action, cancelHref)
    switch subject {
    case .file(let file): (name, version) = (file.name, file.version)
    case .folder(let folder): (name, version) = (folder.name, folder.version)
    }
  }

  private static let choiceSchema = ViewSchema("folder-choice", [("id", .text), ("path", .text), ("isHere", .bool)])
  static let schema = ViewSchema(
    "file-name",
    [
      ("record", .optional(.record(RecordFrame.shape))), ("title", .text), ("action", .text), ("cancelHref", .text), ("name", .text),
      ("version", .int), ("error", .optional(.text)), ("conflict", .optional(.text)), ("from", .text),
      ("folders", .list(.record(choiceSchema))),
    ])

  /// Reads a posted form, and gives what it was answered with if that isn't done.
  static func post(
    _ context: RequestContext, _ page: NamePage, in frame: ViewData? = nil, rename: (String, Int, ActContext) throws -> Outcome,
    now: () throws -> NamePage
  ) throws -> (outcome: Outcome, refusal: Response?) {
    var page = page
    var reader = FormReader(try context.form(), single: ["name", "version"])
    page.name = reader.line("name")
    page.version = Int(reader.form["version"] ?? "") ?? 0
    let outcome: Outcome =
      try reader.problems.isEmpty ? context.act { act in try rename(page.name, page.version, act) } : .invalid(reader.problems)
    switch outcome {
    case .done, .unchanged: return (outcome, nil)
    case .invalid(let errors):
      page.problem = errors.first
      return (outcome, try page.response(for: context, in: frame, status: 422))
    case .conflict:
      let current = try now()
      page.version = current.version
      page.conflict = Message("Someone renamed this to “{name}”. Save again to replace that name.", ["name": current.name])
      return (outcome, try page.response(for: context, in: frame, status: 409))
    }
  }

  /// `frame` is the head of the record on whose pages this is.
  func response(
    for context: RequestContext, in frame: ViewData? = nil, from home: RecordID? = nil, folders: [(id: RecordID, path: String)] = [],
    status: Int = 200
  ) throws -> Response {
    try context.page(
      "media/name",
      ViewData(
        Self.schema,
        [
          frame.map { .record($0) } ?? .null, .text(title), .text(action), .text(cancelHref), .text(name), .int(version),
          problem.map { .text(context.text($0)) } ?? .null, conflict.map { .text(context.text($0)) } ?? .null, .text(home?.text ?? ""),
          .list(
            folders.map { .record(ViewData(Self.choiceSchema, [.text($0.id.text), .text($0.path), .bool($0.id == home)])) }),
        ]), status: status)
  }

  private var title: String {
    switch subject {
    case .file: "Rename file"
    case .folder: "Rename folder"
    }
  }
}

extension NamePage {
  /// Gives a file the name back that it had before that version.
  static func undo(_ context: RequestContext, _ file: MediaFile, unless refusal: () -> Outcome? = { nil }) throws -> Flash {
    let version = Int(context.query["version"] ?? "") ?? 0
    let outcome = try context.act { act in
      guard let former = file.formerName, file.version == version else { return Outcome.conflict }
      return try refusal() ?? FileActs.rename(file, to: former, isExact: true, from: version, context.composition.records, act)
    }
    switch outcome {
    case .done, .unchanged: return Flash(Message("The file has its former name again."))
    case .invalid(let errors): return Flash(errors.first ?? .renamedSince, kind: .problem)
    case .conflict: return Flash(.renamedSince, kind: .problem)
    }
  }
}

extension Flash {
  static func renamed(undo outcome: Outcome, at path: String, _ file: MediaFile) -> Flash {
    Flash(Message("File renamed."), undo: outcome.hasChanged ? "\(path)/undo?version=\(file.version + 1)" : nil)
  }
}

extension Message {
  static var renamedSince: Message { Message("This has been renamed since.") }
}
