import Crypto
import Testing

struct PasswordHasherTests {
  private let hasher = PasswordHasher(cost: .cheap)

  @Test func `a hash matches its password and no other`() throws {
    let hash = try hasher.hash("correct horse")
    #expect(hasher.verify("correct horse", against: hash))
    #expect(!hasher.verify("correct horsf", against: hash))
    #expect(!hasher.verify("", against: hash))
    #expect(!hasher.verify("correct horse\0", against: hash))
  }

  @Test func `every hash has its own salt`() throws {
    #expect(try hasher.hash("same") != hasher.hash("same"))
  }

  @Test(arguments: ["", "a\0b", "Ελένη πάσσγουορντ", String(repeating: "long ", count: 10_000)])
  func `any text can be a password, to its last byte`(password: String) throws {
    let hash = try hasher.hash(password)
    #expect(hasher.verify(password, against: hash))
    #expect(!hasher.verify(password + "x", against: hash))
  }

  @Test(arguments: ["", "nonsense", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA", String(repeating: "x", count: 10_000)])
  func `anything but a hash matches no password`(hash: String) {
    #expect(!hasher.verify("password", against: hash))
    #expect(hasher.needsRehash(hash))
  }

  @Test func `a hash contains its cost`() throws {
    let hash = try hasher.hash("password")
    #expect(hash.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
    #expect(!hasher.needsRehash(hash))
    let dearer = PasswordHasher(cost: PasswordHasher.Cost(operations: 2, memory: 16 << 10))
    #expect(dearer.needsRehash(hash))
    #expect(dearer.verify("password", against: hash))
  }

  @Test func `the standard cost is two passes over 19 MiB`() throws {
    #expect(try PasswordHasher().hash("password").hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(try PasswordHasher(cost: .standard).hash("password").hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
  }

  @Test func `a cost below what Argon2id allows is raised`() throws {
    let hasher = PasswordHasher(operations: 0, memory: 1, atOnce: 0)
    let hash = try hasher.hash("password")
    #expect(hasher.verify("password", against: hash))
    hasher.verifyNothing("password")
  }

  @Test func `a cost beyond the machine's memory is an error, not a crash`() {
    let greedy = PasswordHasher(operations: 1, memory: 4_000_000 << 20)
    #expect(throws: PasswordHasher.OutOfMemory.self) { try greedy.hash("password") }
  }

  @Test func `many threads can hash at once`() async throws {
    let right = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<32 {
        group.addTask { [hasher] in try hasher.verify("password \(number)", against: hasher.hash("password \(number)")) }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(right == 32)
  }
}
