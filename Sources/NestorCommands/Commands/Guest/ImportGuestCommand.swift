import ArgumentParser
import CommandLineKit
import Glibc
import NestorCore
import NestorSupport
import Templates

struct ImportGuestCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "import-guest", abstract: "Make a guest of an archive that nestor export wrote.",
    discussion: """
      It is the guest that it was, with its UUID, MAC addresses and agent's key, and refused where these are here already.
      With --copy it becomes another guest, with its own; one with cloud-init then takes its next boot for its first.
      It is left off. An archive that names files, programs or devices of this machine is refused, and so is a damaged one;
      nothing is left then, nor after ctrl-C.

        nestor import-guest web.nestor
        nestor import-guest --copy --name web2 web.nestor
      """)
  static let interruption = InterruptionPolicy.cancels

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The archive, or - for standard input.", completion: .file()) var archive: String
  @Option(name: .long, help: "The guest's name here (default: the name that it had).") var name: String?
  @Flag(name: .long, help: "Make another guest of it.") var copy = false

  private func wantedName() throws -> GuestName? { try name.map(GuestName.init(argument:)) }

  func check() throws {
    _ = try wantedName()
    guard archive == "-", isatty(STDIN_FILENO) == 1 else { return }
    throw NestorError(
      .invalidArgument, "an archive is not typed", hint: "name a file, or pass it in: nestor import-guest - <FILE")
  }

  func run(_ hypervisor: Hypervisor) async throws -> String {
    let place = ArchivePlace(argument: archive)
    return try await [hypervisor.importGuest(from: place, as: try wantedName(), isCopy: copy)].lines
  }
}

extension ArchivePlace {
  /// The place that a command line names.
  init(argument: String) {
    self = argument == "-" ? .standardStream : .file(argument)
  }
}
