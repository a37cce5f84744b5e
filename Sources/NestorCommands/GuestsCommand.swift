import NestorCore

/// A command that does the same to several guests, and prints the names of those to which it was done.
protocol GuestsCommand: HypervisorCommand {
  var guests: GuestArguments { get }
  /// Does it to one of them.
  func run(_ guest: Guest) async throws
}

extension GuestsCommand {
  func run(_ hypervisor: Hypervisor) async throws -> String {
    try await guests.forEach(of: hypervisor, run)
  }
}
