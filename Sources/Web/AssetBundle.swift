import Crypto

/// A snapshot of all assets, under one digest.
struct AssetBundle: Sendable {
  let digest: String
  /// The prefix of their URLs.
  let address: String
  let assets: [String: Asset]
  /// The source files, by path.
  let stamps: [String: FolderReader.Stamp]

  /// Loads everything. Unchanged assets are taken from `former`: shared bytes are never freed, so they aren't created
  /// without need.
  init(folder: String, extra: [Assets.Extra], linking: [String] = [], former: AssetBundle? = nil) throws(Assets.Failure) {
    guard FolderReader.isFolder(folder) else { throw Assets.Failure(description: "\(folder): no such folder of static files") }
    var assets: [String: Asset] = [:]
    let stamps = Self.stamps(folder: folder, extra: extra)
    func add(_ name: String, madeOf paths: [String], _ bytes: () -> [UInt8]?) throws(Assets.Failure) {
      if let former, let asset = former.assets[name], paths.allSatisfy({ former.stamps[$0] == stamps[$0] }) {
        assets[name] = asset
        return
      }
      guard let bytes = bytes() else {
        throw Assets.Failure(description: "the asset \(name) can’t be read from \(paths.joined(separator: ", "))")
      }
      assets[name] = Asset(name: name, bytes: bytes)
    }
    for name in linking {
      let linker = try AssetLinker(name) { FolderReader.read(folder + "/" + $0) }
      try add(name, madeOf: linker.parts.map { folder + "/" + $0 }) { linker.bytes }
    }
    for name in FolderReader.files(below: folder) where assets[name] == nil {
      let path = folder + "/" + name
      try add(name, madeOf: [path]) { FolderReader.read(path) }
    }
    for extra in extra {
      switch extra {
      case .file(let path, let name):
        // A package that isn't installed: pages work without it.
        if stamps[path] != nil { try add(name, madeOf: [path]) { FolderReader.read(path) } }
      case .icons(let folder, let names, let name):
        try add(name, madeOf: names.map { "\(folder)/\($0).svg" }) { IconSprite.make(folder: folder, names: names) }
      }
    }
    let list = assets.keys.sorted().map { "\($0) \(assets[$0]?.digest ?? "")\n" }.joined()
    digest = String(Digest.hash(list).prefix(16))
    address = "/assets/\(digest)/"
    self.assets = assets
    self.stamps = stamps
  }

  /// Size and time of every source file; missing files are absent.
  static func stamps(folder: String, extra: [Assets.Extra]) -> [String: FolderReader.Stamp] {
    var paths = FolderReader.files(below: folder).map { folder + "/" + $0 }
    for extra in extra {
      switch extra {
      case .file(let path, _): paths.append(path)
      case .icons(let folder, let names, _): paths += names.map { "\(folder)/\($0).svg" }
      }
    }
    var stamps: [String: FolderReader.Stamp] = [:]
    for path in paths { stamps[path] = FolderReader.stamp(of: path) }
    return stamps
  }
}
