import ArgumentParser
import CommandLineKit
import NestorCore
import Templates

struct CloneCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "clone", abstract: "Make copies of a guest, each with an identity of its own.",
    usage: """
      nestor clone NAME NEW… [--warm|--full|--linked] [--from SNAPSHOT] [--timeout S]
      nestor clone NAME --count N [--warm|--full|--linked] [--from SNAPSHOT] [--timeout S]
      """,
    discussion: """
      Warm copies go on from the memory of their source, in a fraction of a boot. Before its links go up, a copy's agent
      gives it a name, a machine ID, SSH host keys, random numbers, network addresses and a key of its own. The source
      is paused while it is copied. Ctrl-C takes back what was made so far.

      Full and linked ones are made of a guest that is off, or of a snapshot, and are left off. The disks of full ones are
      whole; those of linked ones lie over an image that the source's are frozen into, and hold only what differs.

        nestor clone web web2 web3
        nestor clone web --count 10 --from ready
        nestor clone web --count 10 --linked --from installed
      """)

  /// The kinds of copies as options.
  enum Kind: String, EnumerableFlag {
    case warm, full, linked

    static func help(for value: Kind) -> ArgumentHelp? {
      switch value {
      case .warm: "They run on from its memory (the default where it runs, or ran at the moment)."
      case .full: "Each has disks of its own (the default where it is off)."
      case .linked: "They share an image of its disks."
      }
    }

    var core: CloneKind {
      switch self {
      case .warm: .warm
      case .full: .full
      case .linked: .linked
      }
    }
  }

  static let interruption = InterruptionPolicy.cancels

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guest to copy.", completion: .guests) var source: String
  @Argument(help: "The new guests' names.") var names: [String] = []
  @Flag var kind: Kind?
  @Option(name: .long, help: "So many, called NAME-1, NAME-2 and so on, by the numbers that are free.") var count: Int?
  @Option(name: .long, help: "A snapshot of the guest (default: this moment).") var from: String?

  @Option(
    name: .long, help: "How long a warm copy's agent may take to give it an identity of its own, in seconds.",
    transform: TimeLimit.duration)
  var timeout = Guest.cloneTimeout

  func validate() throws {
    guard names.isEmpty != (count == nil) else {
      throw ValidationError("either the new guests' names or --count is wanted.")
    }
    if let count, !(1...1000).contains(count) { throw ValidationError("--count is a number from 1 to 1000.") }
  }

  private func wantedNames() throws -> [GuestName] { try names.uniqued().map(GuestName.init(argument:)) }

  func check() throws { _ = try wantedNames() }

  func run(_ hypervisor: Hypervisor) async throws -> String {
    let guest = try await hypervisor.guest(source)
    let names = if let count { try await guest.freeCloneNames(count: count) } else { try wantedNames() }
    return try await guest.clone(to: names, kind?.core, from: from, timeout: timeout).lines
  }
}
