import Admin
import Base
import Store
import Templating
import Web

/// A step that takes a document from one state to another: sending, accepting, cancelling. A page offers those that its state allows.
struct DocumentStep: Sendable {
  /// `send`: the address below the document that does it.
  let id: String
  let label: String
  let icon: String
  var isPrimary = false
  /// The states in which it can be done.
  let from: Set<String>
  /// The state that it leads to, where a board shows that.
  var to: String?
  /// The label of a text that goes with it, where one does.
  var asks: String?
  /// What can be chosen along with it, of which any number may be: nothing, for most documents.
  var choices: (@Sendable (Record, RequestContext, Database) throws -> Choices?)?
  /// Whether there is something to do for it, on a document in such a state and for this user.
  var isOffered: @Sendable (Record, RequestContext, Database) throws -> Bool = { _, _, _ in true }
  /// Does it. A step that was done already gives `.unchanged`.
  let run: @Sendable (Record, Answer, ActContext) throws -> Result

  struct Choices {
    let label: String
    /// By their values.
    let choices: [(value: String, label: String)]
  }

  /// What was sent with it.
  struct Answer {
    var text = ""
    var chosen: Set<String> = []
  }

  struct Result {
    let outcome: Outcome
    /// The record that is shown then.
    let href: String
    let message: Message
  }

  static let longestText = 2_000
}

/// The steps of a type of documents: what a page posts, and the buttons for it.
struct DocumentSteps: Sendable {
  /// As a function, since a type's panels name its steps.
  let type: @Sendable () -> RecordType
  let resource: Resource
  let path: String
  let steps: [DocumentStep]

  var routes: [Route] {
    steps.map { step in
      .post(path + "/{id}/" + step.id, .write(resource)) { context in try run(step, context) }
    }
  }

  private func run(_ step: DocumentStep, _ context: RequestContext) throws -> Response {
    let (type, id, scope) = (type(), try context.id(), try context.scope(of: resource))
    let form = try context.form()
    var reader = FormReader(form, single: ["text"], repeated: ["chosen"])
    let answer = DocumentStep.Answer(text: reader.text("text", atMost: DocumentStep.longestText), chosen: Set(form.all("chosen")))
    let href = type.path(of: id.text)
    if let problem = reader.problems.first { return context.redirect(to: href, Flash(problem, kind: .problem)) }
    var result: DocumentStep.Result?
    let outcome = try Refused.caught {
      try context.act { act -> Outcome in
        // As it is now: of two who do it at once, the second finds it done.
        guard let record = try RecordStore.find(id, of: type, scope, in: act.db) else { throw HTTPError.notFound }
        if record.isTrashed { return .inTrash(record.header) }
        guard step.from.contains(record.status) else {
          return .invalid(
            ValidationErrors(
              "",
              Message(
                "This isn’t possible any more, since the status is now “{status}”.", ["status": context.formats.status(record.status)]))
          )
        }
        let done = try step.run(record, answer, act)
        result = done
        return done.outcome
      }
    }
    guard let result, outcome.errors.isEmpty else {
      return context.redirect(to: href, Flash(outcome.errors.first ?? Message("Nothing to change."), kind: .problem))
    }
    return context.redirect(to: result.href, outcome, result.message, orElse: Message("Nothing to change."))
  }

  // MARK: Buttons

  private static let choiceSchema = ViewSchema("step-choice", [("value", .text), ("label", .text)])
  private static let stepSchema = ViewSchema(
    "document-step",
    [
      ("href", .text), ("label", .text), ("icon", .text), ("isPrimary", .bool), ("asks", .text), ("chooses", .text),
      ("choices", .list(.record(choiceSchema))),
    ])
  static let schema = ViewSchema(
    "document-steps", [("steps", .list(.record(stepSchema))), ("note", .text), ("isWarning", .bool)])

  /// What can be done now, under a line that says how things are.
  func panel(note: @escaping @Sendable (Record, RequestContext, Database) throws -> (text: Message, isWarning: Bool)?) -> RecordPanel {
    RecordPanel(place: .lead, template: "documents/steps", schema: Self.schema) { schema, record, context, db in
      let mayWrite = context.may(.write, on: resource) && !record.isTrashed
      let offered = mayWrite ? try steps.filter { try $0.from.contains(record.status) && $0.isOffered(record, context, db) } : []
      let note = try note(record, context, db)
      if offered.isEmpty, note == nil { return nil }
      return ViewData(
        schema,
        [
          .list(
            try offered.map { step in
              let choices = try step.choices?(record, context, db)
              return .record(
                ViewData(
                  Self.stepSchema,
                  [
                    .text(record.header.href + "/" + step.id), .text(step.label), .text(step.icon), .bool(step.isPrimary),
                    .text(step.asks ?? ""), .text(choices?.label ?? ""),
                    .list((choices?.choices ?? []).map { .record(ViewData(Self.choiceSchema, [.text($0.value), .text($0.label)])) }),
                  ]))
            }),
          .text(note.map { context.text($0.text) } ?? ""), .bool(note?.isWarning ?? false),
        ])
    }
  }
}
