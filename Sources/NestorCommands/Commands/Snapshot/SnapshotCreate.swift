import ArgumentParser
import NestorCore

extension SnapshotCommand {
  struct Create: HypervisorCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Keep this moment of a guest, or of several.",
      discussion: """
        The guest stands still while its memory is written, a fraction of a second for a small one. Several are kept at one
        moment: all stand still until the last of them is written.

          nestor snapshot create web before-upgrade
          nestor snapshot create web before-upgrade --with db --with cache

        With --disk-only a running guest goes on meanwhile, and its memory is not kept: going back is like a power cut at
        that moment, or with --quiesce like one right after a sync. Its disks then go on in files of their own. That needs
        libvirt 9.9 or later, and a guest's snapshots are all of one kind. One that is off has nothing but its disks.
        """)
    static let interruption = InterruptionPolicy.finishes

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The guest's name.", completion: .guests) var guest: String
    @Argument(help: "The snapshot's name (default: the time, as 20260131-235959).") var snapshot: String?
    @OptionGroup var others: Others
    @Option(name: .long, help: "A line about this moment.") var description: String?
    @Flag(name: .long, help: "Keep the disks without the memory.") var diskOnly = false
    @Flag(name: .long, help: "Have the guest's agent freeze its file systems meanwhile; with --disk-only.")
    var quiesce = false

    func validate() throws {
      if quiesce, !diskOnly { throw ValidationError("--quiesce needs --disk-only: the memory would come back frozen.") }
    }

    func run(_ hypervisor: Hypervisor) async throws -> String {
      var request = SnapshotRequest()
      (request.name, request.description) = (snapshot, description)
      (request.isDiskOnly, request.isQuiesced) = (diskOnly, quiesce)
      let guests = try await hypervisor.guests(others.joined(guest))
      return try await hypervisor.takeSnapshots(of: guests, request) + "\n"
    }
  }
}
