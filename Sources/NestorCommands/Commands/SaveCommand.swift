import ArgumentParser
import CommandLineKit
import NestorCore

struct SaveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Save guests' memory to disk and stop them.",
    discussion: """
      `nestor start` wakes them where they were (libvirt's managed save). Ctrl-C ends a save: the guest runs on.
      """)

  @OptionGroup var connection: ConnectionOptions
  @OptionGroup var guests: GuestArguments

  func run() async throws {
    let line = ProgressLine()
    defer { line.end() }
    let hypervisor = try await connection.hypervisor(line: line)
    try await SignalHandling.cancelling { [guests] in
      try await guests.forEach(of: hypervisor) { try await $0.save() }
    }
  }
}
