import Admin

/// Thrown where a part of an act can't be done, so that all of it is undone.
struct Refused: Error {
  let outcome: Outcome

  /// What speaks against an act, wherever in it that was found.
  static func caught(_ body: () throws -> Outcome) throws -> Outcome {
    do { return try body() } catch let refused as Refused { return refused.outcome }
  }
}
