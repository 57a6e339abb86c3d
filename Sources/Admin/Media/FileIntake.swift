package import Base
import Blobs
import Store

/// Takes files in that came with a form: in its body, or piece by piece before it.
package struct FileIntake {
  let context: RequestContext
  var onlyPictures = false

  package init(context: RequestContext, onlyPictures: Bool = false) {
    self.context = context
    self.onlyPictures = onlyPictures
  }

  /// The uploads that a form names, and among them now the files of its body for this input: so they wait with the rest if the form has to come back.
  package func stage(_ named: [RecordID], input: String = "file") throws
    -> (uploads: [Uploads.Upload], problems: [Message])
  {
    let (user, media) = (try context.user.id, context.services.media)
    var problems: [Message] = []
    var posted: [RecordID] = []
    for file in context.files where file.field == input {
      if let upload = try Uploads.adopt(file, for: user, media, now: context.now) {
        posted.append(upload.id)
      } else {
        problems.append(.noRoom(for: MediaLibrary.clean(file.name)))
      }
    }
    let found = try Uploads.find(named + posted, for: user, media)
    if found.count < Set(named + posted).count { problems.append(.fileIsGone) }
    return (found, problems)
  }

  /// Checks whether uploads can be accepted, together with earlier ones. The rest is reported and left out.
  package func examine(_ uploads: [Uploads.Upload], after others: [MediaLibrary.Arrival] = []) throws
    -> (arrivals: [MediaLibrary.Arrival], problems: [Message])
  {
    var (arrivals, problems): ([MediaLibrary.Arrival], [Message]) = ([], [])
    for upload in uploads {
      let size = (others + arrivals).reduce(0) { $0 + $1.size }
      switch try upload.shortfall.map({ .refused($0) }) ?? examine(upload.staged, name: upload.name, upload: upload.id, after: size) {
      case .fits(let arrival): arrivals.append(arrival)
      case .refused(let message): problems.append(message)
      }
    }
    return (arrivals, problems)
  }

  /// Files what came along with an act, in its transaction: all of it is done or nothing.
  package func act(
    with arrivals: [MediaLibrary.Arrival], part: String? = nil, _ body: (ActContext) throws -> Outcome,
    filing: (MediaLibrary.Arrival, RecordID, ActContext) throws -> Void = { _, _, _ in }
  ) throws -> Outcome {
    if arrivals.isEmpty { return try context.act(.ordinary, body) }
    do {
      return try context.services.media.take(arrivals) { db in
        let act = try context.act(in: db)
        let (outcome, isRepeated) = try context.once(in: db, part: part) { try body(act) }
        // What came again is filed already.
        if isRepeated { throw Refusal(outcome: outcome) }
        switch outcome {
        case .done(let id, _), .unchanged(let id):
          for arrival in arrivals {
            try filing(arrival, id, act)
            if let upload = arrival.upload { try Uploads.forget(upload, in: db) }
          }
          return outcome
        case .invalid, .conflict: throw Refusal(outcome: outcome)
        }
      }
    } catch let refusal as Refusal {
      return refusal.outcome
    } catch is Uploads.Gone {
      return .invalid(ValidationErrors("file", .fileIsGone))
    }
  }

  /// Nothing came of an act, or it was done before: its files stay where they are.
  private struct Refusal: Error {
    let outcome: Outcome
  }

  /// Takes uploads and the files of the form's body one by one, whatever becomes of the others.
  package func takeEach(
    _ uploads: [Uploads.Upload], _ body: (MediaLibrary.Arrival, ActContext) throws -> Outcome
  ) throws -> (count: Int, problems: [Message]) {
    var (count, problems) = (0, uploads.compactMap(\.shortfall))
    let whole = uploads.filter(\.isComplete).map { (staged: $0.staged, name: $0.name, upload: $0.id as RecordID?) }
    var seen: [String: Int] = [:]
    for (staged, name, upload) in whole + context.files.map({ ($0.staged, $0.name, nil) }) where problems.count < 100 {
      switch try examine(staged, name: name, upload: upload) {
      case .refused(let message): problems.append(message)
      case .fits(let arrival):
        // Each file by itself, so that a form which is sent again adds those that failed.
        var part = upload?.text ?? arrival.name + "\n" + arrival.checksum
        if upload == nil {
          seen[part, default: 0] += 1
          part += "\n\(seen[part, default: 0])"
        }
        if case .invalid(let errors) = try act(with: [arrival], part: part, { act in try body(arrival, act) }) {
          problems += [errors.first].compactMap(\.self)
        } else {
          count += 1
        }
      }
    }
    return (count, problems)
  }

  /// As a page lists them: each by itself.
  static func errors(_ problems: [Message]) -> ValidationErrors {
    var all = ValidationErrors()
    for (index, problem) in problems.enumerated() { all.add("file-\(index)", problem) }
    return all
  }

  private enum Verdict {
    case fits(MediaLibrary.Arrival)
    case refused(Message)
  }

  /// Looks into a file that shall be taken after others of so many bytes.
  private func examine(_ staged: StagedFile, name: String, upload: RecordID?, after size: Int = 0) throws -> Verdict {
    let media = context.services.media
    do {
      let arrival = try media.look(at: staged, name: name, upload: upload, now: context.now)
      let refusal = try context.store.read { db in try media.refusal(arrival, onlyPictures: onlyPictures, after: size, in: db) }
      return refusal.map { .refused($0) } ?? .fits(arrival)
    } catch is Uploads.Gone {
      return .refused(.fileIsGone)
    }
  }
}
