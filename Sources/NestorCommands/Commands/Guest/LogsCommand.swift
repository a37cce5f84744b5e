import ArgumentParser
import CommandLineKit
import Glibc
import NestorCore
import NestorSupport

struct LogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Print what a guest's console printed.",
    discussion: """
      The log begins with the guest's last start by nestor; --previous shows the run before. On a terminal control
      characters are left out, so that a guest cannot take the terminal over; otherwise the bytes come as they were.
      """)

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest's name.", completion: .guests) var name: String
  @Flag(name: .shortAndLong, help: "Go on printing until interrupted.") var follow = false
  @Flag(name: .shortAndLong, help: "The run before the last start.") var previous = false
  @Option(name: [.customShort("n"), .long], help: "Only the last so many lines.") var tail: Int?

  func validate() throws {
    if let tail, tail < 0 { throw ValidationError("--tail takes a number from 0") }
    if follow && previous { throw ValidationError("--follow and --previous do not go together") }
  }

  func run() async throws {
    var log = try await connection.hypervisor(readOnly: true).guest(name).keptConsoleLog()
    if previous { log = log.previous }
    let isTerminal = isatty(STDOUT_FILENO) == 1
    if follow {
      if isTerminal {
        for await line in log.followLines() { Terminal.print(line + "\n") }
      } else {
        for await bytes in log.follow() { Terminal.write(bytes, to: STDOUT_FILENO) }
      }
      return
    }
    let bytes: [UInt8]
    do {
      bytes = try log.bytes()
    } catch let error as SystemError {
      throw error.explained(
        "guest '\(name)' has no \(previous ? "earlier " : "")console log",
        hint: "nestor keeps one for the guests that it made, from their first start on")
    }
    if isTerminal || tail != nil {
      var lines = ConsoleLog.lines(of: bytes)
      if lines.last == "" { lines.removeLast() }
      for line in lines.suffix(tail ?? lines.count) { Terminal.print(line + "\n") }
    } else {
      Terminal.write(bytes, to: STDOUT_FILENO)
    }
  }
}
