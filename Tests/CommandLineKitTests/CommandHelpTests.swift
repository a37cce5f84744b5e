import ArgumentParser
import HostCommands
import NestorCommands
import Testing

@Suite("Both programs")
struct CommandHelpTests {
  private static let programs: [any ParsableCommand.Type] = [NestorCommand.self, HostCommand.self]

  /// The words of a program's commands, its own name first.
  private static func paths(_ command: any ParsableCommand.Type) -> [[String]] {
    let name = command.configuration.commandName ?? "\(command)"
    return [[name]] + command.configuration.subcommands.flatMap { paths($0).map { [name] + $0 } }
  }

  /// What a command line is answered with, and the exit status.
  private func answer(_ words: [String]) throws -> (text: String, status: Int32) {
    let program = try #require(Self.programs.first { $0.configuration.commandName == words[0] })
    let error = try #require(
      #expect(throws: (any Error).self, "\(words)") {
        var command = try program.parseAsRoot(Array(words.dropFirst()))
        // A command that has taken the option for something else would show its help as well, since it cannot be run so.
        #expect("\(type(of: command))" == "HelpCommand", "\(words)")
        try command.run()
      })
    return (program.fullMessage(for: error), program.exitCode(for: error).rawValue)
  }

  @Test("print a command's own help when they are asked for it", arguments: programs.flatMap(paths))
  func help(words: [String]) throws {
    let (text, status) = try answer(words + ["--help"])
    #expect(status == 0 && text.contains("USAGE: \(words.joined(separator: " "))"), "\(text)")
  }

  @Test("know options in front of what they pass through", arguments: [["nestor", "exec"], ["nestor-host", "exec"]])
  func passedWords(words: [String]) throws {
    #expect(try answer(words + ["-h"]).text.contains("USAGE: \(words.joined(separator: " "))"))
    let (version, status) = try answer(words + ["--version"])
    #expect(version.hasPrefix("\(words[0]) 0.") && status == 0)
    let (text, failure) = try answer(words + ["--odd", "web", "--", "ls"])
    #expect(text.hasPrefix("Error: Unknown option '--odd'") && failure == 64, "\(text)")
  }
}
