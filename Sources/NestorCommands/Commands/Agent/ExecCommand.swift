import ArgumentParser
import CommandLineKit
import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import NestorCore

struct ExecCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec", abstract: "Run a command in guests.",
    usage: "nestor exec [-i] [-t] [-e NAME=VALUE] [-w DIR] [-u USER] NAME… -- COMMAND [ARGUMENT…]",
    discussion: """
      Needs no network in the guest: its agent is reached over vsock or a virtio-serial port. The exit status is the
      command's own, or 128 and the signal's number where a signal ended it; 124 when --timeout ended it. What Nestor itself fails at has
      Nestor's statuses, see nestor --help.

        nestor exec web -- uname -a
        nestor exec web -- sh -c 'echo $HOSTNAME; exit 3'
        tar -c site | nestor exec -i web -- tar -x -C /srv
        nestor exec -it -u postgres db -- psql
        nestor exec web1 web2 web3 -- uptime

      With several guests each line begins with its guest's name, all run at once, and the exit status is the highest.
      Whatever ends nestor ends the command, with all that it started in its process group.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Flag(name: .shortAndLong, help: "Pass standard input on.") var interactive = false
  @Flag(name: .shortAndLong, help: "Give the command a terminal.") var tty = false
  @OptionGroup var options: ExecOptions
  @Option(name: .long, help: "End the command after so many seconds; 0 for never.", transform: TimeLimit.duration)
  var timeout: Duration?
  @Option(
    name: .long, help: "How long to wait for an agent that does not answer, in seconds.", transform: TimeLimit.duration)
  var connectTimeout = Duration.seconds(30)
  @Argument(
    parsing: .captureForPassthrough, help: "The guests' names, then --, the command and its arguments.",
    completion: .guests)
  var words: [String]

  /// What stands before and behind the first `--`.
  private var parts: (names: [String], command: [String]) {
    let end = words.firstIndex(of: "--") ?? words.endIndex
    return (Array(words[..<end]).uniqued(), Array(words[end...].dropFirst()))
  }

  func validate() throws {
    let (names, command) = parts
    try PassedWords.checkFirst(words, of: self, in: NestorCommand.self)
    guard let first = names.first else { throw ValidationError("name a guest: nestor exec NAME -- COMMAND") }
    if let option = names.first(where: { $0.hasPrefix("-") }) {
      throw ValidationError(
        "\(option) has to stand before the guests' names: nestor exec \(option) \(first) -- COMMAND")
    }
    guard !command.isEmpty else {
      throw ValidationError("the command comes behind --: nestor exec \(first) -- COMMAND")
    }
    guard names.count == 1 || (!interactive && !tty) else { throw ValidationError("-i and -t go with one guest") }
  }

  func run() async throws {
    let (names, command) = parts
    var request = try options.request(arguments: command)
    request.hasInput = interactive
    // On the wire 0 is no limit.
    if let timeout, timeout > .zero { request.timeLimit = max(1, UInt32(clamping: timeout.milliseconds)) }
    let line = ProgressLine()
    let hypervisor = try await connection.hypervisor(readOnly: true, line: line)
    let runner = ExecRunner(hypervisor: hypervisor, connectTimeout: connectTimeout, line: line)
    let status =
      names.count == 1
      ? try await runner.run(names[0], request, wantsTerminal: tty) : try await runner.runMany(names, request)
    line.end()
    ProgramEnd.exit(status)
  }
}
