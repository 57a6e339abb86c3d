/// A kind of field whose form may bring files: in its body, or as uploads before it. They are filed with the record in the transaction that writes it.
package protocol UploadsKind: FieldKind {
  /// Puts the files of the form's body among its uploads, so that they wait there if the form has to come back.
  func stage(_ field: Field, _ form: inout RecordForm, for context: RequestContext) throws

  /// Acts with the uploads of all fields of this kind, or says what speaks against one. All is done or nothing.
  func act(with form: inout RecordForm, for context: RequestContext, _ body: (RecordForm, ActContext) throws -> Outcome) throws -> Outcome
}

extension RecordType {
  /// Whether its form may bring files.
  var takesUploads: Bool { fields.contains { $0.kind is any UploadsKind } }

  /// How the server treats what its form posts.
  var formEffort: Route.ExecutionPolicy { takesUploads ? .upload : .write }
}

extension RequestContext {
  /// Puts files that came with a record's form among its uploads.
  func stageFiles(of form: inout RecordForm) throws {
    for field in form.type.fields {
      if let kind = field.kind as? any UploadsKind { try kind.stage(field, &form, for: self) }
    }
  }

  /// Writes what a record's form says, and files what came with it.
  package func act(with form: inout RecordForm, _ body: (RecordForm, ActContext) throws -> Outcome) throws -> Outcome {
    for field in form.type.fields {
      if let kind = field.kind as? any UploadsKind { return try kind.act(with: &form, for: self, body) }
    }
    return try act { [form] act in try body(form, act) }
  }
}
