import Base
import Admin
import CRM
import Glibc
import Store
import Templating
import Web
import WebServer

/// The program: runs one of `Commands`; exits with 0, 1 for a failure, 2 for wrong usage.
@main
struct Roost {
  static func main() {
    // Only the server handles it; other commands end immediately, as with Ctrl-C.
    if CommandLine.arguments.dropFirst().first == "serve" { TerminationSignal.block() }
    do {
      try Commands.run(Array(CommandLine.arguments.dropFirst()))
    } catch let error as UsageError {
      complain(error.message + "\n" + Commands.usage)
      exit(2)
    } catch {
      complain("roost: \(error)")
      exit(1)
    }
  }

  private static func complain(_ text: String) {
    var line = Array((text + "\n").utf8)
    write(2, &line, line.count)
  }
}

/// The arguments don't form a command.
struct UsageError: Error {
  let message: String
}
