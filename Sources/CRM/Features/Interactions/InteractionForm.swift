import Admin
import Base
import Store
import Web

/// An interaction's form as it was posted, or as it is shown first.
struct InteractionForm: Sendable {
  var type = "call"
  var direction = "outbound"
  /// What was typed as the time, and in which zone.
  var occurredAt = ""
  var zone = ""
  var duration = ""
  var outcome = ""
  var subject = ""
  var body = ""
  var parties: [Party.Who] = []
  /// What is being looked for among the people, or is to become one by its words.
  var partyText = ""
  /// Files that came along and wait to be filed.
  var uploads: [RecordID] = []
  /// Files that it has already and keeps.
  var attachments: [RecordID] = []
  /// What this continues.
  var follows = ""
  var version = 0
  /// The inputs as they were when the form was made, so that what others change in between can be told from what was changed here.
  var base: [String: [String]] = [:]
  var problems = ValidationErrors()

  static let fields = ["type", "direction", "occurred_at", "zone", "duration", "outcome", "subject", "body", "party_text", "follows"]

  /// A blank form: a call that happens now.
  init(now: Timestamp, zone: String) {
    self.zone = zone
    occurredAt = WallTime(ZoneClock(zone).local(now)).text
  }

  /// What an address says: `?log=email`, or a call that began at a moment and lasted some minutes.
  mutating func fill(from query: FormFields) {
    if let kind = query["log"], Interaction.offered.contains(where: { $0.id == kind }) {
      (type, direction) = (kind, Interaction.usualDirection(of: kind))
    }
    if let at = query["at"].flatMap({ Timestamp($0) }) { occurredAt = WallTime(ZoneClock(zone).local(at)).text }
    if let minutes = query["minutes"].flatMap({ Int($0) }), Self.durations ~= minutes { duration = String(minutes) }
  }

  /// The form of an interaction that was logged before.
  init(_ interaction: Interaction, parties: [Party], files: [MediaFile]) {
    let details = interaction.details
    (type, direction, subject, body) = (details.type, details.direction, details.subject, details.body)
    occurredAt = WallTime(ZoneClock(details.zone).local(details.occurredAt)).text
    zone = details.zone
    duration = details.minutes.map(String.init) ?? ""
    outcome = details.outcome
    self.parties = parties.map(\.who)
    attachments = files.map(\.id)
    version = interaction.version
    base = inputs
  }

  /// A form as it was posted. `former` is the type of the interaction that is edited.
  init(_ posted: FormFields, _ records: RecordTypes, former: String? = nil) {
    let form = Self.chosen(posted)
    var reader = FormReader(
      form, single: Set(Self.fields + Self.merged.map(ConflictChoices.input) + ["version", "find", "base"]),
      repeated: ["party", "upload", "attachment", "file"])
    type = reader.choice("type", of: ["note"] + Interaction.offered.map(\.id) + (former.map { [$0] } ?? []))
    direction = Interaction.usualDirection(of: type)
    if form["direction"] != nil { direction = reader.choice("direction", of: Interaction.directions.map(\.0)) }
    occurredAt = reader.line("occurred_at")
    zone = reader.line("zone")
    duration = reader.line("duration")
    outcome = reader.line("outcome")
    subject = reader.line("subject", atMost: Interaction.longestSubject)
    body = reader.text("body", atMost: Interaction.longestBody)
    partyText = reader.line("party_text", atMost: Party.longestName)
    follows = reader.line("follows")
    base = Self.base(of: form)
    version = Int(reader.line("version")) ?? 0
    uploads = form.all("upload").compactMap { RecordID($0) }
    attachments = form.all("attachment").compactMap { RecordID($0) }
    for posted in form.all("party") where !posted.isEmpty {
      guard let who = Party.Who(posted, records) else {
        reader.problem("party_text", Message("A participant couldn’t be read. Choose them again."))
        continue
      }
      if case .text(let words) = who, let problem = TextRules.problem(with: words, atMost: Party.longestName) {
        reader.problem("party_text", problem)
      }
      if !parties.contains(who) { parties.append(who) }
    }
    if parties.count > Party.most { reader.problem("party_text", Message("At most {n} participants.", numbers: ["n": Party.most])) }
    if type == "note", subject.isEmpty, body.isEmpty { reader.problem("body", Message("Enter a subject or some text.")) }
    problems = reader.problems
  }

  /// Whether there is something in what folds away: all but the type, the words and the time.
  var hasDetails: Bool {
    !duration.isEmpty || !outcome.isEmpty || !parties.isEmpty || !partyText.isEmpty || !uploads.isEmpty || !attachments.isEmpty
      || direction != Interaction.usualDirection(of: type)
      || ["zone", "direction", "duration", "outcome", "party_text", "file"].contains { problems[$0] != nil }
  }

  /// Whether somebody has begun to fill it in.
  var isTouched: Bool {
    !subject.isEmpty || !body.isEmpty || !parties.isEmpty || !problems.isEmpty || !partyText.isEmpty || !uploads.isEmpty
  }

  /// The time and length that were typed, as they are stored; what is wrong with them is added to the problems. `stored` is what an edited
  /// interaction says so far: a minute that wasn't changed keeps its seconds.
  mutating func times(now: Timestamp, viewerZone: String, stored: InteractionDetails? = nil) -> InteractionDetails {
    let clock = ZoneClock.named(zone.isEmpty ? viewerZone : zone)
    if clock == nil {
      problems.add("zone", Message("Unknown time zone “{name}”. Enter one like Europe/Athens.", ["name": zone]))
    }
    let there = clock ?? ZoneClock(viewerZone)
    var details = InteractionDetails(occurredAt: now, zone: there.identifier.isEmpty ? "UTC" : there.identifier)
    if let stored, details.zone == stored.zone, occurredAt == WallTime(there.local(stored.occurredAt)).text {
      details.occurredAt = stored.occurredAt
    } else if !occurredAt.isEmpty || stored != nil {
      do throws(InvalidValue) {
        details.occurredAt = try TypedMoment.read(occurredAt, in: there, now: now)
      } catch {
        problems.add("occurred_at", error.message)
      }
    }
    details.minutes = duration.isEmpty ? nil : Int(duration)
    if !duration.isEmpty, !(details.minutes.map { Self.durations ~= $0 } ?? false) {
      problems.add("duration", Message("Enter whole minutes, at most {n}.", numbers: ["n": Self.durations.upperBound]))
    }
    (details.type, details.direction, details.subject, details.body) = (type, direction, subject, body)
    details.outcome = outcome
    return details
  }

  /// What is merged, in the order of the form: a time and its zone are one.
  private static let merged = ["type", "direction", "when", "duration", "outcome", "subject", "body", "party", "attachment"]

  /// The inputs of what is merged.
  private static func inputs(_ merged: String) -> [String] { merged == "when" ? ["occurred_at", "zone"] : [merged] }

  private static func base(of form: FormFields) -> [String: [String]] {
    guard case .object(let members)? = form["base"].flatMap({ try? JSON(parsing: $0) }) else { return [:] }
    return Dictionary(members.map { ($0.name, $0.value.array?.compactMap(\.string) ?? []) }) { first, _ in first }
  }

  /// A posted form with the other version of what was chosen so: it is read by the same rules as anything that is posted.
  private static func chosen(_ form: FormFields) -> FormFields {
    let theirs = merged.filter { form[ConflictChoices.input($0)] == "theirs" }
    if theirs.isEmpty { return form }
    let base = base(of: form)
    let replaced = theirs.flatMap(inputs)
    let values = theirs.flatMap { name -> [FormFields.Field] in
      let (names, values) = (inputs(name), base[name] ?? [])
      return zip(names.count == 1 ? values.map { _ in name } : names, values).map { FormFields.Field($0, $1) }
    }
    return FormFields(form.fields.filter { !replaced.contains($0.name) } + values)
  }

  /// What histories call something that is merged.
  static func detail(_ merged: String) -> String { ["when": "occurred_at", "attachment": "file"][merged] ?? merged }

  private var inputs: [String: [String]] {
    [
      "type": [type], "direction": [direction], "when": [occurredAt, zone], "duration": [duration], "outcome": [outcome],
      "subject": [subject], "body": [body], "party": parties.map(\.posted), "attachment": attachments.map(\.text),
    ]
  }

  private mutating func take(_ inputs: [String: [String]], _ records: RecordTypes) {
    func one(_ name: String, _ index: Int = 0) -> String { inputs[name].flatMap { $0.count > index ? $0[index] : nil } ?? "" }
    (type, direction, occurredAt, zone) = (one("type"), one("direction"), one("when"), one("when", 1))
    (duration, outcome, subject, body) = (one("duration"), one("outcome"), one("subject"), one("body"))
    attachments = (inputs["attachment"] ?? []).compactMap { RecordID($0) }
    parties = (inputs["party"] ?? []).compactMap { Party.Who($0, records) }
  }

  /// The inputs as a form would post them, without the version.
  var posted: [FormFields.Field] {
    let single = [
      ("type", type), ("direction", direction), ("occurred_at", occurredAt), ("zone", zone), ("duration", duration), ("outcome", outcome),
      ("subject", subject), ("body", body), ("party_text", partyText), ("follows", follows), ("base", baseText),
    ]
    let repeated =
      parties.map { ("party", $0.posted) } + attachments.map { ("attachment", $0.text) } + uploads.map { ("upload", $0.text) }
    return (single + repeated).map { FormFields.Field($0.0, $0.1) }
  }

  /// `base` as the form carries it.
  var baseText: String {
    JSON.object(base.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: .array($0.value.map { .string($0) })) }).text
  }

  /// What became of the inputs when a form was brought together with what others have saved since it was made.
  struct Merged {
    /// Taken from them.
    var taken: [String] = []
    /// Changed by both, or different where the form doesn’t say how it was made.
    var conflicts: [String] = []
    var knowsBase = true
  }

  mutating func merge(_ theirs: InteractionForm, _ records: RecordTypes) -> Merged {
    var result = Merged(knowsBase: !base.isEmpty)
    var (merged, their) = (inputs, theirs.inputs)
    for name in Self.merged {
      let (mine, stored) = (inputs[name] ?? [], their[name] ?? [])
      guard mine != stored, let old = base[name] else {
        if mine != stored { result.conflicts.append(name) }
        continue
      }
      if stored == old { continue }
      if mine == old {
        merged[name] = stored
        result.taken.append(name)
      } else if name == "party" || name == "attachment" {
        merged[name] = ListMerge.items(old, mine, stored)
      } else {
        result.conflicts.append(name)
      }
    }
    // Without a base nobody knows who changed the lists: they stay as the form says.
    if base.isEmpty { result.conflicts.removeAll { $0 == "party" || $0 == "attachment" } }
    take(merged, records)
    (version, base) = (theirs.version, their)
    return result
  }

  /// Whom the form names, and whom it doesn't know but by the words.
  var people: [Party.Who] {
    partyText.isEmpty || parties.contains(.text(partyText)) ? parties : parties + [.text(partyText)]
  }

  /// In minutes: up to a week.
  private static let durations = 0...10_080
}
