import ArgumentParser
import HostSetup

/// What may be chosen of what is set up.
struct ChoiceOptions: ParsableArguments, Sendable {
  @Option(name: .long, help: "The profile's name.") var profile = "nestor"
  @Option(
    name: .long,
    help: "The storage pool (default: that of the profile default, else any, else a new one); made if it is not there.")
  var pool: String?
  @Option(name: .long, help: "The kind of a new pool: dir, btrfs, zfs or lvm.") var poolDriver: String?
  @Option(
    name: .long,
    help: "The network (default: that of the profile default, else any bridge of the daemon's, else a new one).")
  var network: String?
  @Option(name: .long, help: "The address of a new network's bridge, such as 10.90.0.1/24.") var subnet: String?
  @Option(name: .long, help: "The processors that a container may use, such as 4 or 0-3.") var cpus: String?
  @Option(name: .long, help: "The memory that a container may use, such as 8GiB or 50%.") var memory: String?
  @Option(name: .long, help: "How many processes a container may have.") var processes: String?
  @Option(
    name: .long,
    help: "Hand in more on request: vhost-scsi, hugepages, vfio, vfio-N for an IOMMU group; may be repeated.")
  var with: [String] = []

  /// The choices; what is left open was chosen before, or is chosen by what is there.
  var choices: HostChoices {
    var choices = HostChoices()
    choices.profile = profile
    choices.pool = pool
    choices.poolDriver = poolDriver
    choices.network = network
    choices.subnet = subnet
    choices.cpus = cpus
    choices.memory = memory
    choices.processes = processes
    choices.extras = Set(with)
    return choices
  }
}
