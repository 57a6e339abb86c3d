import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

extension RecordID {
  /// A new, unique id with that time. Ids of the same millisecond sort in the order of creation, within this process.
  package static func make(at moment: Timestamp) -> RecordID {
    RecordIDMint.shared.withLock { $0.make(at: moment) }
  }

  /// A new id with that time from the given generator: repeatable, for demo data and tests.
  package static func make(at moment: Timestamp, using random: inout some RandomNumberGenerator) -> RecordID {
    RecordID(at: moment, randomA: UInt16(truncatingIfNeeded: random.next()), randomB: random.next())
  }
}

/// Makes monotonic ids, even if the clock goes back: a 42-bit counter before 32 random bits (RFC 9562, section 6.2,
/// method 1).
private struct RecordIDMint {
  static let shared = Mutex(RecordIDMint())

  /// Starts at random, so that two processes are unlikely to collide, with the top bit clear so that it can't overflow.
  private var counter = UInt64.random(in: 0..<1 << 41)
  /// Random words fetched in advance: a system call for each would dominate the cost.
  private var words: [UInt32] = []

  mutating func make(at moment: Timestamp) -> RecordID {
    counter += 1
    return RecordID(at: moment, randomA: UInt16(truncatingIfNeeded: counter >> 30), randomB: counter << 32 | UInt64(word()))
  }

  private mutating func word() -> UInt32 {
    if let word = words.popLast() { return word }
    words = [UInt32](unsafeUninitializedCapacity: 64) { buffer, count in
      // 256 bytes is the maximum for one call of getentropy.
      count = getentropy(buffer.baseAddress, 256) == 0 ? 64 : 0
    }
    return words.popLast() ?? UInt32.random(in: .min ... .max)
  }
}
