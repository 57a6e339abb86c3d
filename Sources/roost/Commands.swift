import Admin
import CRM

/// The commands of `roost`.
enum Commands {
  static var usage: String {
    """
    Usage: roost COMMAND
      serve [--listen ADDRESS:PORT]                     run the server; stops on SIGTERM
      user add EMAIL --role ROLE [--name NAME] --password-stdin
      demo [--contacts N] [--seed N]                    add demo data
      import \(crm.importNames.joined(separator: "|")) FILE.csv [--overwrite] [--encoding NAME]
                                                        import records; a file can be imported again;
                                                        --overwrite also replaces later changes by people
      import --undo NUMBER                              undo an import
      templates check                                   check all templates
      routes [--grants]                                 list all routes; --grants with what each role may do there
      schema TYPE [FIELD]                               print the SQL that creates a record type’s table, or adds a field
      backup FILE [--quick]                             copy the database while it is in use, and the files to FILE.media;
                                                        --quick trusts copies of files that already exist
      check [--repair] [--quick]                        check the database and the files; --repair rebuilds
                                                        derived data, --quick doesn’t read file contents
      jobs                                              list what runs, waits and has failed in the background
      jobs run                                          do all jobs that are due, then stop
    Environment: ROOST_DATA (./data), ROOST_LISTEN (127.0.0.1:8080), ROOST_DATABASE (sqlite: in the data folder), ROOST_RESOURCES (.),
      ROOST_FILE_LIMIT (250) and ROOST_MEDIA_LIMIT (100000), in megabytes, per file and in total,
      ROOST_API_RATE (600), requests a minute for each API token,
      ROOST_BACKUPS (backups in the data folder), the folder of automatic backups,
      ROOST_COUNTRY (by the first user’s language), the default country for phone numbers without + or 00, like GR,
      ROOST_TRUSTED_PROXIES (none; addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are trusted)
    """
  }

  static func run(_ arguments: [String]) throws {
    // Its last argument is a file name, not an option.
    if arguments.first == "inspect" { return try inspect(Array(arguments.dropFirst())) }
    if arguments.contains("--help") || arguments.first == "help" {
      print(usage)
      return
    }
    switch arguments.first {
    case "serve": try serve(Array(arguments.dropFirst()))
    case "user" where arguments.dropFirst().first == "add": try addUser(Array(arguments.dropFirst(2)))
    case "demo": try demo(Array(arguments.dropFirst()))
    case "import": try importFile(Array(arguments.dropFirst()))
    case "templates" where arguments.dropFirst().first == "check": try checkTemplates()
    case "routes": try routes(Array(arguments.dropFirst()))
    case "schema": try schema(Array(arguments.dropFirst()))
    case "backup": try backup(Array(arguments.dropFirst()))
    case "check": try check(Array(arguments.dropFirst()))
    case "jobs": try jobs(Array(arguments.dropFirst()))
    case nil: throw UsageError(message: "roost: no command given")
    case let other?: throw UsageError(message: "roost: unknown command “\(other)”")
    }
  }
}

/// A failed command's message.
struct Finding: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Several messages, one per line.
struct Findings: Error, CustomStringConvertible {
  let description: String

  init(_ findings: [String]) { description = findings.joined(separator: "\nroost: ") }
}
