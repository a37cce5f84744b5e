import ArgumentParser
import CommandLineKit
import Glibc
import NestorCore
import Templates

struct CloneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clone", abstract: "Make guests that run on from the memory of another.",
    usage: "nestor clone NAME NEW… [--from SNAPSHOT]\nnestor clone NAME --count N [--from SNAPSHOT]",
    discussion: """
      A copy is up in a fraction of a boot. Before its cables are plugged in, its agent gives it a name, a machine ID, SSH
      host keys, random numbers, network addresses and a key of its own. The source stands still while it is copied.

        nestor clone web web2 web3
        nestor clone web --count 10 --from ready
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest to copy.", completion: .guests) var source: String
  @Argument(help: "The new guests' names.") var names: [String] = []
  @Option(name: .long, help: "So many, called NAME-1, NAME-2 and so on.") var count: Int?
  @Option(name: .long, help: "A snapshot of the guest while it ran (default: this moment).") var from: String?

  func validate() throws {
    guard names.isEmpty != (count == nil) else {
      throw ValidationError("either the new guests' names or --count is wanted.")
    }
    if let count, !(1...1000).contains(count) { throw ValidationError("--count is a number from 1 to 1000.") }
  }

  func run() async throws {
    let wanted = count.map { count in (1...count).map { "\(source)-\($0)" } } ?? names.uniqued()
    let names = try wanted.map { text in
      do throws(TemplateError) {
        return try GuestName(text)
      } catch {
        throw error.nestorError
      }
    }
    // Ended in the middle, the program would leave the source standing still.
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
    let line = ProgressLine()
    defer { line.end() }
    let orchestrator = try await connection.orchestrator(line: line)
    let made = try await orchestrator.cloneWarm(source, to: names, from: from)
    line.end()
    Terminal.print(made.map { $0 + "\n" }.joined())
  }
}
