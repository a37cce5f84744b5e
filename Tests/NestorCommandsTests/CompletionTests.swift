import ArgumentParser
import CommandLineKit
import NestorCommands
import Testing

@Suite("Completion")
struct CompletionTests {
  private static let verbs = [
    "run", "create", "start", "stop", "restart", "suspend", "resume", "save", "delete", "snapshot", "list", "info",
    "xml",
    "logs", "wait", "events", "image", "template", "gc",
  ]

  @Test("Each shell gets a script that knows every command", arguments: ["bash", "zsh", "fish"])
  func scripts(_ shell: String) throws {
    let script = NestorCommand.completionScript(for: try #require(CompletionShell(rawValue: shell)))
    for verb in Self.verbs { #expect(script.contains(verb), "\(shell): \(verb)") }
    // Live names come from the program itself.
    #expect(script.contains("---completion"))
  }

  @Test("The help of every command teaches what it does")
  func help() {
    let all = NestorCommand.helpMessage()
    for verb in Self.verbs { #expect(all.contains("\n  \(verb)"), "\(verb)") }
    for status in ExitStatus.allCases { #expect(all.contains("\(status.rawValue)  \(status.meaning)")) }
    #expect(all.contains("nestor run tiny --wait"))
  }
}
