#if canImport(Glibc)
  import Glibc
#endif

/// A database's write-ahead log on disk (sqlite.org/walformat.html), read without SQLite.
struct LogFile {
  /// The log's header: 32 bytes.
  struct Header: Equatable {
    let pageSize: Int
    /// Eight bytes that change whenever the log restarts; frames with other salts are from an earlier round.
    let salts: UInt64
    fileprivate let checksum: Checksum
    /// Whether checksums read the file's words in big-endian order.
    fileprivate let isBigEndian: Bool
  }

  /// The result of scanning the frames.
  struct Walk: Equatable {
    /// Frames up to the end of the last transaction that SQLite can read.
    var readable = 0
    /// Transactions of this round that end after the first unreadable frame.
    var unreadableCommits = 0
  }

  static let headerSize = 32
  private static let frameHeaderSize = 24
  private static let framesAtOnce = 256

  let size: Int
  /// `nil` if SQLite would find no header and treat the log as empty.
  let header: Header?
  private let descriptor: FileDescriptor

  /// `nil` if the file doesn't exist.
  init?(_ path: String) {
    guard let descriptor = FileDescriptor(reading: path) else { return nil }
    self.descriptor = descriptor
    size = descriptor.size
    header = Self.header(descriptor.read(at: 0, count: Self.headerSize))
  }

  private static func header(_ bytes: [UInt8]) -> Header? {
    guard bytes.count == headerSize else { return nil }
    return bytes.withUnsafeBytes { raw in
      let magic = raw.word(0)
      guard magic & ~1 == 0x377F_0682, raw.word(4) == 3_007_000 else { return nil }
      var checksum = Checksum()
      checksum.add(UnsafeRawBufferPointer(rebasing: raw[..<24]), bigEndian: magic & 1 == 1)
      guard checksum == Checksum(raw, at: 24) else { return nil }
      let pageSize = Int(raw.word(8))
      guard 512...65_536 ~= pageSize, pageSize & (pageSize - 1) == 0 else { return nil }
      return Header(pageSize: pageSize, salts: raw.salts(16), checksum: checksum, isBigEndian: magic & 1 == 1)
    }
  }

  /// Follows the cumulative checksums from frame to frame.
  func walk(_ header: Header) -> Walk {
    var walk = Walk()
    var checksum = header.checksum
    var isWhole = true
    eachFrame(of: header.pageSize) { number, frame in
      guard frame.salts(8) == header.salts else {
        // The end of this round: the following frames are from an earlier one.
        isWhole = false
        return
      }
      let isCommit = frame.word(4) != 0
      if isWhole {
        checksum.add(UnsafeRawBufferPointer(rebasing: frame[..<8]), bigEndian: header.isBigEndian)
        checksum.add(UnsafeRawBufferPointer(rebasing: frame[Self.frameHeaderSize...]), bigEndian: header.isBigEndian)
        isWhole = checksum == Checksum(frame, at: 16)
        if isWhole, isCommit { walk.readable = number }
      }
      if !isWhole, isCommit { walk.unreadableCommits += 1 }
    }
    return walk
  }

  /// The number of transactions among the frames of a log whose header can't be read: those with the first frame's
  /// salts.
  func commitsWithoutHeader(pageSize: Int) -> Int {
    var salts: UInt64?
    var count = 0
    eachFrame(of: pageSize) { _, frame in
      salts = salts ?? frame.salts(8)
      // Space that was never written is all zero.
      if salts != 0, frame.salts(8) == salts, frame.word(4) != 0 { count += 1 }
    }
    return count
  }

  private func eachFrame(of pageSize: Int, _ body: (Int, UnsafeRawBufferPointer) -> Void) {
    let frameSize = Self.frameHeaderSize + pageSize
    var number = 0
    var offset = Self.headerSize
    while true {
      let bytes = descriptor.read(at: offset, count: Self.framesAtOnce * frameSize)
      let whole = bytes.count / frameSize
      if whole == 0 { return }
      bytes.withUnsafeBytes { raw in
        for index in 0..<whole {
          number += 1
          body(number, UnsafeRawBufferPointer(rebasing: raw[(index * frameSize)..<((index + 1) * frameSize)]))
        }
      }
      offset += whole * frameSize
    }
  }
}

/// The cumulative checksum of a log.
private struct Checksum: Equatable {
  private var first: UInt32 = 0
  private var second: UInt32 = 0

  init() {}

  /// A stored checksum, big-endian.
  init(_ bytes: UnsafeRawBufferPointer, at offset: Int) { (first, second) = (bytes.word(offset), bytes.word(offset + 4)) }

  mutating func add(_ bytes: UnsafeRawBufferPointer, bigEndian: Bool) {
    var offset = 0
    while offset + 8 <= bytes.count {
      let (one, two) = (
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self), bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
      )
      first = first &+ (bigEndian ? UInt32(bigEndian: one) : UInt32(littleEndian: one)) &+ second
      second = second &+ (bigEndian ? UInt32(bigEndian: two) : UInt32(littleEndian: two)) &+ first
      offset += 8
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Four bytes, big-endian.
  fileprivate func word(_ offset: Int) -> UInt32 { UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }

  fileprivate func salts(_ offset: Int) -> UInt64 { loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
}

/// The log's index, the `-shm` file, which the connections of a database share while they are open and which a killed
/// program leaves behind.
struct LogIndex: Equatable {
  /// As in the log's header.
  let salts: UInt64
  /// Frames up to the end of the last committed transaction. Updated only after the frames are safely on disk.
  let committed: Int
  /// Frames that have been checkpointed.
  let copied: Int

  /// `nil` if the file doesn't exist or its content isn't plausible.
  init?(_ path: String) {
    guard let bytes = FileDescriptor(reading: path)?.read(at: 0, count: 136), bytes.count == 136 else { return nil }
    // Stored twice, so that a reader notices a change in progress.
    guard bytes[0..<48] == bytes[48..<96], bytes[12] == 1 else { return nil }
    (salts, committed, copied) = bytes.withUnsafeBytes { raw in
      // In native byte order, except for the salts, which are copied from the log.
      (
        raw.loadUnaligned(fromByteOffset: 32, as: UInt64.self), Int(raw.loadUnaligned(fromByteOffset: 16, as: UInt32.self)),
        Int(raw.loadUnaligned(fromByteOffset: 96, as: UInt32.self))
      )
    }
  }
}

/// A file that is open for the lifetime of this object.
final class FileDescriptor {
  private let number: Int32

  /// `nil` if it can't be read.
  init?(reading path: String) {
    number = open(path, O_RDONLY | O_CLOEXEC)
    if number < 0 { return nil }
  }

  deinit { close(number) }

  /// In bytes.
  var size: Int {
    var status = stat()
    return fstat(number, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Up to that many bytes from an offset; fewer at the file's end.
  func read(at offset: Int, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let got = pread(number, buffer.baseAddress.map { $0 + filled }, count - filled, offset + filled)
        if got < 0, errno == EINTR { continue }
        if got <= 0 { return }
        filled += got
      }
    }
  }
}
