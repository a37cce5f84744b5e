import ArgumentParser
import CommandLineKit
import Glibc
import GuestClient
import GuestProtocol
import NestorCore

struct ShellCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shell", abstract: "Open a shell in a guest.",
    discussion: """
      The login shell of the user, on a terminal, without a network and without a password: who may use Nestor is root in its
      guests. Without a terminal on this side, commands are read from standard input.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var options: ExecOptions
  @Argument(help: "The guest's name.", completion: .guests) var name: String

  func run() async throws {
    var request = try options.request(arguments: [])
    request.hasInput = true
    let line = ProgressLine()
    let hypervisor = try await connection.hypervisor(readOnly: true, line: line)
    let runner = ExecRunner(hypervisor: hypervisor, connectTimeout: .seconds(30), line: line)
    let status = try await runner.run(name, request, wantsTerminal: isatty(STDIN_FILENO) == 1)
    ProgramEnd.exit(status)
  }
}
