package import Base
package import Crypto
package import Store
import Templating

/// Makes an account from a command, by the rules of the set-up page.
package enum NewUser {
  /// Why an account was not made, in one line.
  package struct Refusal: Error, CustomStringConvertible {
    package let description: String
  }

  package static func add(_ draft: UserDraft, password: String, cost: PasswordHasher.Cost = .standard, to store: Store, now: Timestamp)
    throws
  {
    if let problem = draft.problems.values.first ?? PasswordRules.problem(with: password, email: draft.email, name: draft.name) {
      throw Refusal(description: problem.text(in: .english))
    }
    let hash = try PasswordHasher(cost: cost).hash(password)
    do {
      _ = try store.write { db in try UserStore.create(draft, passwordHash: hash, from: .commandLine, now: now, in: db) }
    } catch let error as StoreError where error.constraint == .unique(["users.email_key"]) {
      throw Refusal(description: "\(draft.email) already has an account")
    }
  }
}
