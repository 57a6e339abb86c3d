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

/// Makes ids and remembers the last one of the recent milliseconds, to count on from it (RFC 9562, section 6.2, method 2).
private struct RecordIDMint {
  static let shared = Mutex(RecordIDMint())

  private struct Last {
    var millisecond: Int64 = .min
    var a: UInt16 = 0
    var b: UInt64 = 0
  }

  /// One slot per recent millisecond, because threads that read the clock at different moments arrive here interleaved.
  private var recent = [Last](repeating: Last(), count: 64)
  /// Random words fetched ahead: a system call for each would cost more than all the rest.
  private var words: [UInt64] = []

  mutating func make(at moment: Timestamp) -> RecordID {
    let slot = Int(UInt64(bitPattern: moment.milliseconds) % 64)
    if recent[slot].millisecond == moment.milliseconds {
      advance(slot)
    } else {
      // The top bit starts clear, so that counting on does not run over within the millisecond.
      recent[slot] = Last(millisecond: moment.milliseconds, a: UInt16(truncatingIfNeeded: word()) & 0x07FF, b: word() >> 2)
    }
    return RecordID(at: moment, randomA: recent[slot].a, randomB: recent[slot].b)
  }

  /// Adds 1 to 2^32 to the 74 random bits: the next id is larger, and still not to be guessed from the last.
  private mutating func advance(_ slot: Int) {
    let sum = recent[slot].b + (word() >> 32) + 1
    recent[slot].b = sum & 0x3FFF_FFFF_FFFF_FFFF
    recent[slot].a += UInt16(sum >> 62)
  }

  private mutating func word() -> UInt64 {
    if let word = words.popLast() { return word }
    words = [UInt64](unsafeUninitializedCapacity: 32) { buffer, count in
      // 256 bytes is the most that getentropy gives at once.
      count = getentropy(buffer.baseAddress, 256) == 0 ? 32 : 0
    }
    return words.popLast() ?? UInt64.random(in: .min ... .max)
  }
}
