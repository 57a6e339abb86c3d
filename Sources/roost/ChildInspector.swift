import Base
import Admin
import CRM
import Glibc

/// Inspects files in a child process, `roost inspect …`, with little memory, little time and no open files: whatever an
/// uploaded file does to the libraries that read it, it does there.
struct ChildInspector: FileInspector {
  func facts(of path: String, name: String) -> FileFacts {
    let output = Child.run(["inspect", "facts", path, name])
    guard let output, let json = try? JSON(parsing: output), let type = json["type"]?.string else {
      return FileFacts(type: "application/octet-stream")
    }
    let problem = json["problem"]?.string.flatMap { FileFacts.Problem(rawValue: $0) }
    guard let width = json["width"]?.int else { return FileFacts(type: type, problem: problem) }
    // In another child: if decoding kills that one, the type is still known.
    guard Child.run(["inspect", "picture", path]) != nil else { return FileFacts(type: type, problem: .damaged) }
    return FileFacts(type: type, width: width, height: json["height"]?.int)
  }

  func thumbnail(of path: String, side: Int, to target: String) -> Bool {
    Child.run(["inspect", "thumbnail", path, String(side), target]) != nil
  }

  func drawing(of path: String, width: Int, height: Int, to target: String) -> Bool {
    Child.run(["inspect", "drawing", path, String(width), String(height), target]) != nil
  }
}

extension Commands {
  /// The child's command. Internal, so `--help` doesn't list it.
  static func inspect(_ arguments: [String]) throws {
    Child.confine()
    let inspector = DirectInspector()
    switch arguments.first {
    case "facts" where arguments.count == 3:
      let facts = inspector.head(of: arguments[1], name: arguments[2])
      let json = JSON.object([
        "type": .string(facts.type), "width": facts.width.map { .int($0) } ?? .null, "height": facts.height.map { .int($0) } ?? .null,
        "problem": facts.problem.map { .string($0.rawValue) } ?? .null,
      ])
      print(json.text)
    case "picture" where arguments.count == 2:
      guard inspector.canShow(arguments[1]) else { throw Finding("the image can’t be shown") }
    case "thumbnail" where arguments.count == 4:
      guard let side = Int(arguments[2]), inspector.thumbnail(of: arguments[1], side: side, to: arguments[3]) else {
        throw Finding("can’t make a thumbnail")
      }
    case "drawing" where arguments.count == 5:
      guard let width = Int(arguments[2]), let height = Int(arguments[3]),
        inspector.drawing(of: arguments[1], width: width, height: height, to: arguments[4])
      else { throw Finding("can’t draw the image again") }
    default: throw UsageError(message: "roost: unknown inspection")
    }
  }
}

/// Runs this program as a child.
private enum Child {
  /// In seconds, of CPU time and of wall-clock time.
  private static let cpuLimit = 5
  private static let timeout = 20.0
  private static let memoryLimit: UInt = 1 << 30

  /// Its output; `nil` if it failed or was too slow.
  static func run(_ arguments: [String]) -> String? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    defer { close(ends[0]) }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = (["roost"] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    // An empty environment too: it could hold secrets.
    var environment: [UnsafeMutablePointer<CChar>?] = [strdup("SWIFT_BACKTRACE=enable=no"), nil]
    defer { free(environment[0]) }
    var child = pid_t()
    let status = posix_spawn(&child, "/proc/self/exe", &actions, nil, &words, &environment)
    close(ends[1])
    guard status == 0 else { return nil }
    let output = read(ends[0])
    var result: Int32 = 0
    guard output != nil else {
      kill(child, SIGKILL)
      waitpid(child, &result, 0)
      return nil
    }
    waitpid(child, &result, 0)
    return result == 0 ? output : nil
  }

  /// Everything up to the end of file; `nil` if that takes too long or is too much.
  private static func read(_ descriptor: Int32) -> String? {
    var bytes: [UInt8] = []
    var start = timespec()
    clock_gettime(CLOCK_MONOTONIC, &start)
    while true {
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      let left = timeout - Double(now.tv_sec - start.tv_sec)
      var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard left > 0, poll(&state, 1, Int32(left * 1_000)) > 0 else { return nil }
      let piece = [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, count in
        count = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
      }
      if piece.isEmpty { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece
      guard bytes.count < 64 << 10 else { return nil }
    }
  }

  /// In the child: limits memory, time, files and processes to what the work needs.
  static func confine() {
    func limit(_ resource: __rlimit_resource, _ most: UInt) {
      var limit = rlimit(rlim_cur: most, rlim_max: most)
      setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
    limit(RLIMIT_AS, memoryLimit)
    limit(RLIMIT_CPU, UInt(cpuLimit))
    limit(RLIMIT_FSIZE, 64 << 20)
    limit(RLIMIT_NOFILE, 32)
    limit(RLIMIT_CORE, 0)
  }
}
