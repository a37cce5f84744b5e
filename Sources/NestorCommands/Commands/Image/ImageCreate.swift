import ArgumentParser
import CommandLineKit
import NestorCore

extension ImageCommand {
  struct Create: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Make an image of a guest's disk.",
      discussion: """
        The guest is off, or the image is made of one of its snapshots; the guest itself is not changed. The copy of its
        disk is generalised: machine ID, host name, SSH host keys, Nestor's agent with its key, cloud-init's state, DHCP
        leases, random seeds, logs, shell histories, temporary files and swap are removed. Accounts, passwords, authorized
        keys and all else stay. Ctrl-C leaves no image.

        A throw-away guest of the image tiny does that, and tiny is made first if it is missing. ext4, XFS and btrfs are
        read; a system on LVM or on an encrypted volume is refused, and so are snapshots of it inside of btrfs.

          nestor image create base --from web
          nestor image create base --from web/installed
          nestor run debian www -P image=base -P disk=20GiB
        """)
    static let interruption = InterruptionPolicy.cancels

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The image's name.") var name: String
    @Option(
      name: .long, help: ArgumentHelp("The guest, or one of its snapshots.", valueName: "guest[/snapshot]"),
      completion: .guestsAndSnapshots)
    var from: GuestAtSnapshot
    @Option(name: .long, help: "A line about the image (default: its system, and the guest).") var description: String?
    @OptionGroup var replacement: ImageReplaceOption
    @Option(
      name: .long, help: "How long the disk may take to be generalised, in seconds; copying it does not count.",
      transform: TimeLimit.duration)
    var timeout = Hypervisor.generalisingTimeout

    func run(_ hypervisor: Hypervisor) async throws -> String {
      let guest = try await hypervisor.guest(from.guest)
      let image = try await hypervisor.createImage(
        name, of: guest, from: from.snapshot, description: description, replacing: replacement.replace,
        timeout: timeout)
      return [image.name].lines
    }
  }
}
