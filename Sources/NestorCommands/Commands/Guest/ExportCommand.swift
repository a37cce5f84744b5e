import ArgumentParser
import CommandLineKit
import Glibc
import NestorCore
import NestorSupport

struct ExportCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a guest into one file, for another machine or for later.",
    discussion: """
      The guest is off, or is exported as it was at a snapshot of it. The archive is a tar, packed by zstd: its definition,
      disks, agent's key, settings and firmware variables, with the checksums of all. Snapshots do not come along. It
      holds secrets, so only its owner may read it. Ctrl-C leaves no file.

        nestor export web web.nestor
        nestor export web - | ssh other nestor import-guest -
      """)
  static let interruption = InterruptionPolicy.cancels

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest's name.", completion: .guests) var guest: String
  @Argument(help: "The archive, which is not there yet, or - for standard output.", completion: .file())
  var archive: String
  @Option(name: .long, help: "A snapshot of the guest (default: as it is now).") var from: String?

  func check() throws {
    guard archive == "-", isatty(STDOUT_FILENO) == 1 else { return }
    throw NestorError(
      .invalidArgument, "an archive is not written to a terminal",
      hint: "name a file, or pass it on: nestor export \(guest) - | …")
  }

  func run(_ hypervisor: Hypervisor) async throws -> String {
    let place = ArchivePlace(argument: archive)
    try await hypervisor.guest(guest).export(to: place, from: from)
    return place == .standardStream ? "" : [archive].lines
  }
}
