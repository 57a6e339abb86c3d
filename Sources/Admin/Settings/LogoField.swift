import Base
import Blobs
import Imaging
import Store
import Templating
import Web

/// A picture that is uploaded with its form, and drawn again so that nothing but its pixels is kept.
struct LogoField: UploadsKind {
  private static let types: Set = ["image/png", "image/jpeg", "image/webp"]

  // MARK: Text

  func parse(_ text: String) throws(InvalidValue) -> FieldValue {
    guard text.isEmpty || Logo(text) != nil else { throw InvalidValue(.fileIsGone) }
    return FieldValue(text)
  }

  func display(_ history: String, _ formats: Formats) -> String { Logo(history)?.described(formats) ?? history }

  var cell: Column.Kind? { nil }

  // MARK: Rules

  func resolve(_ value: FieldValue, over stored: FieldValue, _ act: ActContext) throws -> Resolution {
    guard let logo = Logo(value.text), try !LogoStore.exists(logo, in: act.db) else { return .value(value) }
    return .errors([("", .fileIsGone)])
  }

  // MARK: Forms

  func inputs(_ name: String) -> FieldInputs { FieldInputs(single: [name, Self.removal(name), Self.upload(name)]) }

  private static func file(_ name: String) -> String { name + "_file" }
  private static func removal(_ name: String) -> String { name + "_remove" }
  /// A file that came with a form whose session had ended.
  private static func upload(_ name: String) -> String { name + "_upload" }

  func read(_ name: String, from reader: inout FormReader) -> FieldValue {
    if reader.form[Self.removal(name)] != nil { return .empty }
    do throws(InvalidValue) {
      return try parse(reader.form[name] ?? "")
    } catch {
      reader.problem(name, error.message)
      return .empty
    }
  }

  private static let controlSchema = ViewSchema(
    "logo-field",
    [
      ("field", .record(FieldControl.schema)), ("src", .optional(.text)), ("width", .int), ("height", .int), ("isSeeThrough", .bool),
      ("alt", .text), ("chosen", .optional(.text)), ("isRemoved", .bool), ("waiting", .list(.record(FilesTab.waitingShape))),
      ("accept", .text),
    ])

  var template: (name: String, schema: ViewSchema) { ("settings/logo", Self.controlSchema) }

  func control(_ control: FieldControl) throws -> ViewData {
    let context = control.context
    let stored = control.record.flatMap { Logo($0[control.name].text) }
    let chosen = Logo(control.typed).flatMap { $0 == stored ? nil : $0.described(context.formats) }
    let size = stored?.fitting(width: 320, height: 120) ?? (width: 0, height: 0)
    let named = control.form[Self.upload(control.name)].flatMap { RecordID($0) }.map { [$0] } ?? []
    let waiting = try Uploads.find(named, for: context.user.id, context.services.media)
    return ViewData(
      Self.controlSchema,
      [
        .record(control.data()), stored.map { .text($0.href) } ?? .null, .int(size.width), .int(size.height),
        .bool(stored?.isPNG ?? false), .text(context.settings[.installationName].text), chosen.map { .text($0) } ?? .null,
        .bool(control.form[Self.removal(control.name)] != nil), .list(waiting.map(FilesTab.waiting)),
        .text(Self.types.sorted().joined(separator: ",")),
      ])
  }

  // MARK: The file that comes with the form

  /// Draws the picture again and keeps it with the form, so that it needn't be chosen again if that has to come back.
  func stage(_ field: Field, _ form: inout RecordForm, for context: RequestContext) throws {
    // A draft shows what waits, and writes nothing.
    if context.isDraft { return }
    let named = form.form[Self.upload(field.name)].flatMap { RecordID($0) }
    let file = context.files.last { $0.field == Self.file(field.name) }
    guard file != nil || named != nil else { return }
    let waiting = try named.flatMap { try Uploads.find([$0], for: context.user.id, context.services.media).first }
    let inputs = self.inputs(field.name).all
    form.form = FormFields(form.form.fields.filter { $0.name != Self.upload(field.name) })
    do {
      guard let staged = file?.staged ?? waiting?.staged else { throw InvalidValue(.fileIsGone) }
      let logo = try take(staged, MediaLibrary.clean(file?.name ?? waiting?.name ?? ""), context)
      let value = FieldValue(logo.text)
      if let index = form.type.index(of: field.name) { form.values[index] = value }
      form.form = FormFields(form.form.fields.filter { !inputs.contains($0.name) } + posted(value, field.name, context.formats))
    } catch let error as InvalidValue {
      form.errors.add(field.name, error.message)
    }
  }

  func act(with form: inout RecordForm, for context: RequestContext, _ body: (RecordForm, ActContext) throws -> Outcome) throws -> Outcome {
    try context.act { [form] act in try body(form, act) }
  }

  private func take(_ file: StagedFile, _ name: String, _ context: RequestContext) throws -> Logo {
    let (media, named) = (context.services.media, ["name": name])
    if file.size == 0 { throw InvalidValue(Message("“{name}” is empty.", named)) }
    if file.size > media.limits.file {
      throw InvalidValue(Message("“{name}” is too large: {n} at most.", named, sizes: ["n": media.limits.file]))
    }
    let facts = media.inspector.facts(of: file.path, name: name)
    guard Self.types.contains(facts.type) else { throw InvalidValue(Message("“{name}” isn’t a PNG, JPEG or WebP image.", named)) }
    if facts.problem == .tooManyPixels { throw InvalidValue(Message("The image “{name}” has too many pixels to be shown.", named)) }
    // Named like the body of a request, so that one which a crash leaves behind goes with those.
    let copy = StagedFile(path: media.blobs.incoming + "/upload-\(context.request.id)-logo")
    defer { copy.remove() }
    do {
      guard facts.problem == nil,
        media.inspector.drawing(of: file.path, width: Logo.mostWidth, height: Logo.mostHeight, to: copy.path)
      else { throw ImagingError.damaged }
      let (info, bytes) = (try Imaging.inspect(copy.path), try copy.bytes())
      let logo = Logo(
        hash: try copy.checksum(), isPNG: info.format == .png, width: info.width, height: info.height, size: bytes.count)
      let now = context.now
      try context.store.write { db in try LogoStore.add(logo, bytes, now: now, in: db) }
      return logo
    } catch is ImagingError {
      throw InvalidValue(Message("The image “{name}” is damaged.", named))
    }
  }
}
