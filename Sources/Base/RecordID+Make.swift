import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

extension RecordID {
  /// A new id of that time, unlike any other. Ids made for the same millisecond sort in the order of their making, within this process.
  package static func make(at moment: Timestamp) -> RecordID {
    RecordIDMint.shared.withLock { $0.make(at: moment) }
  }

  /// A new id of that time from the given generator: repeatable, for demo data and tests.
  package static func make(at moment: Timestamp, using random: inout some RandomNumberGenerator) -> RecordID {
    RecordID(at: moment, randomA: UInt16(truncatingIfNeeded: random.next()), randomB: random.next())
  }
}

/// Makes ids that count on, whatever times they are asked for: 42 bits of a counter before 32 random bits (RFC 9562, section 6.2, method 1).
private struct RecordIDMint {
  static let shared = Mutex(RecordIDMint())

  /// Starts at random, so that two processes hardly meet, and with the top bit clear, so that it does not run over.
  private var counter = UInt64.random(in: 0..<1 << 41)
  /// Random words fetched ahead: a system call for each would cost more than all the rest.
  private var words: [UInt32] = []

  mutating func make(at moment: Timestamp) -> RecordID {
    counter += 1
    return RecordID(at: moment, randomA: UInt16(truncatingIfNeeded: counter >> 30), randomB: counter << 32 | UInt64(word()))
  }

  private mutating func word() -> UInt32 {
    if let word = words.popLast() { return word }
    words = [UInt32](unsafeUninitializedCapacity: 64) { buffer, count in
      // 256 bytes is the most that getentropy gives at once.
      count = getentropy(buffer.baseAddress, 256) == 0 ? 64 : 0
    }
    return words.popLast() ?? UInt32.random(in: .min ... .max)
  }
}
