import ArgumentParser
import NestorCore

struct RenewCommand: HypervisorCommand {
  static let configuration = CommandConfiguration(
    commandName: "renew", abstract: "Give guests an identity of their own, after their container was copied.",
    usage: """
      nestor renew NAME… [--force]
      nestor renew --copied [--force]
      nestor renew --keep
      """,
    discussion: """
      The guests of a copied container have the UUIDs, MAC addresses, CIDs and agents' keys of those that it was copied
      from; `nestor list` and `nestor doctor` say so. Here each gets others, while it is off. Its name, disks, snapshots
      and the addresses that networks keep for it stay. Its next boot is a first boot, at which its system makes itself
      a machine ID and SSH host keys.

      Snapshots that hold memory, and the secrets in an emulated TPM, fit only the old identity: --force gives them up.
      """)
  static let interruption = InterruptionPolicy.finishes

  @OptionGroup var connection: ConnectionOptions
  @Argument(help: "The guests' names.", completion: .guests) var names: [String] = []
  @Flag(name: .long, help: "All guests that came with the copy of a container.") var copied = false
  @Flag(name: .long, help: "They stay as they are: the container was moved, not copied.") var keep = false
  @Flag(name: .long, help: "Also where snapshots that hold memory, or a TPM's secrets, are lost.") var force = false

  func validate() throws {
    guard [!names.isEmpty, copied, keep].filter(\.self).count == 1 else {
      throw ValidationError("name guests, or give --copied or --keep.")
    }
    guard !keep || !force else { throw ValidationError("with --keep nothing is lost.") }
  }

  func run(_ hypervisor: Hypervisor) async throws -> String {
    if keep {
      try await hypervisor.keepIdentities()
      return ""
    }
    let names = copied ? try await hypervisor.copiedGuests()?.names ?? [] : names.uniqued()
    return try await Batch.run(names) { [force] in try await hypervisor.guest($0).renew(force: force) }.names()
  }
}
