import Admin
import CRM

/// What `roost` can do.
enum Commands {
  static var usage: String {
    """
    Usage: roost COMMAND
      serve [--listen ADDRESS:PORT]                     serve the pages; SIGTERM stops it
      user add EMAIL --role ROLE [--name NAME] --password-stdin
      demo [--contacts N] [--seed N]                    fill an office to look around in
      import \(crm.importNames.joined(separator: "|")) FILE.csv [--overwrite] [--encoding NAME]
                                                        bring records in; a file may be imported again;
                                                        --overwrite writes over what people have changed later
      import --undo NUMBER                              take an import back
      templates check                                   check every template
      routes                                            list every address
      schema TYPE [FIELD]                               print the SQL that makes the table of a record type, or adds a field
      backup FILE [--quick]                             copy the database while it is in use, and the files to FILE.media;
                                                        --quick trusts the copies of files that are there already
      check [--repair] [--quick]                        check the database and the files; rebuild derived data;
                                                        leave the contents of the files unread
    Environment: ROOST_DATA (./data), ROOST_LISTEN (127.0.0.1:8080), ROOST_DATABASE (sqlite: in the data folder), ROOST_RESOURCES (.),
      ROOST_FILE_LIMIT (250) and ROOST_MEDIA_LIMIT (100000), in megabytes, of one file and of all,
      ROOST_COUNTRY (that of the first user’s language), whose phone numbers are meant where they don’t begin with + or 00, like GR,
      ROOST_TRUSTED_PROXIES (none; addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are believed)
    """
  }

  static func run(_ arguments: [String]) throws {
    // Its last word is the name of somebody's file, and no option.
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
    case "routes": try routes()
    case "schema": try schema(Array(arguments.dropFirst()))
    case "backup": try backup(Array(arguments.dropFirst()))
    case "check": try check(Array(arguments.dropFirst()))
    case nil: throw UsageError(message: "roost: say what to do")
    case let other?: throw UsageError(message: "roost: there is no command “\(other)”")
    }
  }
}

/// Something that a command found wrong.
struct Finding: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Several of them, each on a line of its own.
struct Findings: Error, CustomStringConvertible {
  let description: String

  init(_ findings: [String]) { description = findings.joined(separator: "\nroost: ") }
}
