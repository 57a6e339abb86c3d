import Foundation

/// A temporary folder for one test.
final class Folder {
  private let root: String

  init() {
    root = NSTemporaryDirectory() + "imaging-\(UInt64.random(in: .min ... .max))"
    try? FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { root + "/" + name }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? [] }

  func bytes(_ path: String) -> [UInt8] { (FileManager.default.contents(atPath: path)).map { [UInt8]($0) } ?? [] }

  func write(_ path: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

  func truncate(_ path: String, to size: Int) throws { try write(path, Array(bytes(path).prefix(size))) }

  func overwrite(_ path: String, at place: Int, _ new: [UInt8]) throws {
    var all = bytes(path)
    all.replaceSubrange(place..<place + new.count, with: new)
    try write(path, all)
  }

  /// Inserts an APP1 marker after a JPEG's first two bytes: the orientation, and a text that must not be passed on.
  func insertExif(_ path: String, orientation: Int, isBig: Bool) throws {
    func short(_ n: Int) -> [UInt8] { isBig ? [UInt8(n >> 8), UInt8(n & 255)] : [UInt8(n & 255), UInt8(n >> 8)] }
    func long(_ n: Int) -> [UInt8] { isBig ? short(n >> 16) + short(n & 0xFFFF) : short(n & 0xFFFF) + short(n >> 16) }
    var tiff: [UInt8] = isBig ? [0x4D, 0x4D] : [0x49, 0x49]
    tiff += short(42) + long(8) + short(2)
    tiff += short(0x010E) + short(2) + long(13) + long(38)
    tiff += short(0x0112) + short(3) + long(1) + short(orientation) + short(0)
    tiff += long(0) + Array("SECRET PLACE\0".utf8)
    let data = Array("Exif\0\0".utf8) + tiff
    let length = data.count + 2
    var all = bytes(path)
    all.insert(contentsOf: [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)] + data, at: 2)
    try write(path, all)
  }

  /// Files of this folder that the process has open. Those of concurrent tests don't count.
  var openFiles: [String] {
    let manager = FileManager.default
    let descriptors = (try? manager.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return descriptors.compactMap { try? manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0) }.filter { $0.hasPrefix(root) }
  }
}

extension [UInt8] {
  func contains(_ text: String) -> Bool { Data(self).range(of: Data(text.utf8)) != nil }
}
