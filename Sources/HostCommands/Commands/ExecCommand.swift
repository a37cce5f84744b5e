import ArgumentParser
import CommandLineKit
import HostSetup
import NestorSupport

struct ExecCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec", abstract: "Run a command in a container as root.",
    discussion: """
      Standard input, output, error, signals and the exit status are the command's own, by the daemon's own client.

        nestor-host exec lab -- nestor run tiny --wait
        nestor-host exec lab -- nestor exec tiny -- uname -a
      """)

  @OptionGroup var daemon: DaemonOptions
  @Argument(parsing: .captureForPassthrough, help: "The container's name, then --, the command and its arguments.")
  var words: [String]

  func validate() throws {
    try PassedWords.checkFirst(words, of: self, in: HostCommand.self)
    guard words.count >= 3, words[1] == "--" else {
      throw ValidationError("name a container and a command: nestor-host exec NAME -- COMMAND")
    }
  }

  func run() async throws {
    try NameRules.checkContainer(words[0])
    try ClientHandover(try await daemon.connect()).exec(words[0], Array(words.dropFirst(2)))
  }
}
