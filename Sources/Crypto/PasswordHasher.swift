import CSodium
import Synchronization

/// Hashes passwords with Argon2id (RFC 9106), in the self-describing `$argon2id$…` form.
///
/// A hash takes its memory and tens of milliseconds by design: call it on a worker thread. Only a few run at once, so
/// that a flood of sign-ins can't exhaust the memory.
package final class PasswordHasher: Sendable {
  /// The cost of a hash, and so of each guess.
  package struct Cost: Sendable, Equatable {
    /// Passes over the memory, 1 or more.
    package let operations: Int
    /// Bytes, 8 KiB or more.
    package let memory: Int

    /// A cost; values below Argon2id's minimum are raised to it.
    package init(operations: Int, memory: Int) {
      self.operations = max(1, operations)
      self.memory = max(8 << 10, memory)
    }

    /// Two passes over 19 MiB, the minimum of OWASP's password storage cheat sheet.
    package static let standard = Cost(operations: 2, memory: 19 << 20)
    /// Argon2id's minimum, for tests.
    package static let cheap = Cost(operations: 1, memory: 8 << 10)
  }

  /// There was not enough memory for a hash.
  package struct OutOfMemory: Error, CustomStringConvertible {
    /// The reason as a sentence.
    package var description: String { "there is not enough memory to hash a password" }
  }

  private let cost: Cost
  private let semaphore: Semaphore
  private let passes = Atomic(0)

  /// How many hashes have been computed: the same work for every account.
  package var count: Int { passes.load(ordering: .relaxed) }

  /// A hasher that runs at most `atOnce` calls concurrently.
  package init(cost: Cost, atOnce: Int = 2) {
    Sodium.start()
    self.cost = cost
    semaphore = Semaphore(places: atOnce)
  }

  /// A hasher with an explicit cost; memory in bytes.
  package convenience init(operations: Int = 2, memory: Int = 19 << 20, atOnce: Int = 2) {
    self.init(cost: Cost(operations: operations, memory: memory), atOnce: atOnce)
  }

  /// A hash with a fresh salt, to be stored.
  package func hash(_ password: String) throws(OutOfMemory) -> String {
    let password = Array(password.utf8).map { CChar(bitPattern: $0) }
    var out = [CChar](repeating: 0, count: crypto_pwhash_strbytes())
    let result = pass {
      crypto_pwhash_str_alg(
        &out, password, UInt64(password.count), UInt64(cost.operations), cost.memory, crypto_pwhash_alg_argon2id13())
    }
    guard result == 0 else { throw OutOfMemory() }
    return String(decoding: out.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether the password matches this hash. False for anything that isn't a hash.
  package func verify(_ password: String, against hash: String) -> Bool {
    let password = Array(password.utf8).map { CChar(bitPattern: $0) }
    return pass { crypto_pwhash_str_verify(hash, password, UInt64(password.count)) == 0 }
  }

  private func pass<T>(_ body: () -> T) -> T {
    passes.add(1, ordering: .relaxed)
    return semaphore.pass(body)
  }

  /// Whether a hash was made with other parameters, and should be replaced while the password is available.
  package func needsRehash(_ hash: String) -> Bool {
    crypto_pwhash_str_needs_rehash(hash, UInt64(cost.operations), cost.memory) != 0
  }

  /// The work of one `verify`, for an account that doesn't exist, so that timing doesn't reveal that.
  package func verifyNothing(_ password: String) {
    let password = Array(password.utf8).map { CChar(bitPattern: $0) }
    let salt = [UInt8](repeating: 0, count: crypto_pwhash_saltbytes())
    var out = [UInt8](repeating: 0, count: 32)
    _ = pass {
      crypto_pwhash(
        &out, UInt64(out.count), password, UInt64(password.count), salt, UInt64(cost.operations), cost.memory,
        crypto_pwhash_alg_argon2id13())
    }
  }
}
