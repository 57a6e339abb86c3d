/// A growing byte buffer. Appending is a comparison and a copy, while an array also checks for unique ownership: a page
/// appends some thousand times.
package struct ByteBuffer: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  package private(set) var count = 0

  /// An empty buffer with this capacity.
  package init(capacity: Int) {
    start = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { start.deallocate() }

  /// A copy of the content.
  package var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Transfers the bytes to an owner who frees them with `deallocate()`.
  package consuming func release() -> UnsafeRawBufferPointer {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    discard self
    return bytes
  }

  /// The content as text.
  package var text: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }

  /// Some of the bytes, valid until the next append.
  subscript(range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return UnsafeBufferPointer(start: start + range.lowerBound, count: range.count)
  }

  /// Appends a copy of these bytes.
  @inline(__always)
  package mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let first = bytes.baseAddress else { return }
    if count + bytes.count > capacity { grow(by: bytes.count) }
    (start + count).update(from: first, count: bytes.count)
    count += bytes.count
  }

  /// Appends a copy of these bytes if all of them pass, eight at once; otherwise nothing. Fewer than eight are padded
  /// with spaces.
  @inline(__always)
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, ifEightsPass pass: (UInt64) -> Bool) -> Bool {
    guard let first = bytes.baseAddress.map({ UnsafeRawPointer($0) }) else { return true }
    if count + bytes.count > capacity { grow(by: bytes.count) }
    let end = UnsafeMutableRawPointer(start + count)
    if bytes.count >= 8 {
      // The last eight overlap the previous ones.
      let last = bytes.count - 8
      var place = 0
      while place < last {
        let eight = first.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        guard pass(eight) else { return false }
        end.storeBytes(of: eight, toByteOffset: place, as: UInt64.self)
        place += 8
      }
      let eight = first.loadUnaligned(fromByteOffset: last, as: UInt64.self)
      guard pass(eight) else { return false }
      end.storeBytes(of: eight, toByteOffset: last, as: UInt64.self)
    } else if bytes.count >= 4 {
      let last = bytes.count - 4
      let (head, tail) = (first.loadUnaligned(as: UInt32.self), first.loadUnaligned(fromByteOffset: last, as: UInt32.self))
      guard pass(UInt64(head) << 32 | UInt64(tail)) else { return false }
      end.storeBytes(of: head, as: UInt32.self)
      end.storeBytes(of: tail, toByteOffset: last, as: UInt32.self)
    } else {
      var eight: UInt64 = 0x2020_2020_2020_2020
      for byte in bytes { eight = eight << 8 | UInt64(byte) }
      guard pass(eight) else { return false }
      for place in 0..<bytes.count { end.storeBytes(of: bytes[place], toByteOffset: place, as: UInt8.self) }
    }
    count += bytes.count
    return true
  }

  /// Appends a number in decimal.
  package mutating func append(_ number: Int) {
    guard number < 0 || number > 9_999 else {
      // The most common case: days and years.
      if number > 999 { append(UInt8(48 + number / 1_000)) }
      if number > 99 { append(UInt8(48 + number / 100 % 10)) }
      if number > 9 { append(UInt8(48 + number / 10 % 10)) }
      return append(UInt8(48 + number % 10))
    }
    append(String(number))
  }

  /// Appends one byte.
  @inline(__always)
  package mutating func append(_ byte: UInt8) {
    if count == capacity { grow(by: 1) }
    start[count] = byte
    count += 1
  }

  /// Appends a literal of the program.
  @inline(__always)
  package mutating func append(_ literal: StaticString) {
    append(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// Appends a text.
  package mutating func append(_ text: String) {
    text.withBytes { append($0) }
  }

  /// Removes the content and keeps the capacity.
  mutating func removeAll() { count = 0 }

  @inline(never)
  private mutating func grow(by more: Int) {
    capacity = max(2 * capacity, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }
}
