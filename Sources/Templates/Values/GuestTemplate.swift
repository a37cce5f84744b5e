/// A guest as a template describes it: every key has its value or its default.
///
/// The words are libvirt's (<https://libvirt.org/formatdomain.html>). What a key means is written at its property and in
/// `domains/base.yaml`, which lists every key.
package struct GuestTemplate: Sendable, Equatable {
  /// What the guest is for, in a line.
  package var description: String
  /// The name of the Nestor image to boot.
  package var image: String?
  /// The kernel to boot directly, instead of what is on a disk.
  package var boot: Boot
  /// The guest's firmware.
  package var firmware: Firmware
  /// Whether the UEFI firmware enforces Secure Boot; only with ``Firmware/uefi``.
  package var secureBoot: Bool
  /// The machine type: `q35`, or one version of it such as `pc-q35-7.2`.
  package var machine: String
  /// Who runs the guest's instructions.
  package var accelerator: Accelerator
  /// The number of virtual CPUs, 1 to 1024.
  package var cpus: Int
  /// The model and features of the CPUs.
  package var cpu: CPU
  /// The guest's memory, at least 1 MiB.
  package var memory: ByteSize
  /// Where the memory comes from on the container's side.
  package var memoryBacking: MemoryBacking
  /// The disks, in order.
  package var disks: [Disk]
  /// The network cards, in order.
  package var networks: [NetworkCard]
  /// The virtual socket between guest and container.
  package var vsock: VirtualSocket
  /// Nestor's agent in the guest.
  package var agent: Agent
  /// What cloud-init does in a guest on a disk image.
  package var cloudInit: CloudInit
  /// The serial console.
  package var console: Console
  /// Names of additional virtio-serial ports.
  package var channels: [String]
  /// How many NICs and disks can be added while the guest runs, 0 to 16.
  package var hotplugSlots: Int
  /// Whether the QEMU guest agent has its port.
  package var guestAgent: Bool
  /// Whether the guest has a virtio random number generator.
  package var rng: Bool
  /// The memory balloon.
  package var balloon: Balloon
  package var watchdog: Watchdog
  /// What happens when the guest's kernel panics.
  package var onCrash: CrashAction
  package var tpm: TrustedPlatformModule
  /// Devices of the host that the guest owns.
  package var hostDevices: [HostDevice]
  /// Strings that the guest finds in its SMBIOS tables.
  package var smbios: SMBIOS
  /// The graphics adapter and its display.
  package var graphics: Graphics
  /// Whether libvirt starts the guest when it starts itself.
  package var autostart: Bool
  /// How one sees that the guest is up.
  package var ready: Ready
  /// The user's own labels.
  package var labels: [String: String]
  /// Changes made to the finished XML, in order.
  package var xml: [TemplatePatch]

  /// A guest for which every key has its default.
  package init() {
    self = GuestKeys.build(.empty)
  }

  init(_ map: CheckedMap) {
    description = map[GuestKeys.description]
    image = map[GuestKeys.image]
    boot = map[GuestKeys.boot]
    firmware = map[GuestKeys.firmware]
    secureBoot = map[GuestKeys.secureBoot]
    machine = map[GuestKeys.machine]
    accelerator = map[GuestKeys.accelerator]
    cpus = map[GuestKeys.cpus]
    cpu = map[GuestKeys.cpu]
    memory = map[GuestKeys.memory]
    memoryBacking = map[GuestKeys.memoryBacking]
    disks = map[GuestKeys.disks]
    networks = map[GuestKeys.networks]
    vsock = map[GuestKeys.vsock]
    agent = map[GuestKeys.agent]
    cloudInit = map[GuestKeys.cloudInit]
    console = map[GuestKeys.console]
    channels = map[GuestKeys.channels]
    hotplugSlots = map[GuestKeys.hotplugSlots]
    guestAgent = map[GuestKeys.guestAgent]
    rng = map[GuestKeys.rng]
    balloon = map[GuestKeys.balloon]
    watchdog = map[GuestKeys.watchdog]
    onCrash = map[GuestKeys.onCrash]
    tpm = map[GuestKeys.tpm]
    hostDevices = map[GuestKeys.hostDevices]
    smbios = map[GuestKeys.smbios]
    graphics = map[GuestKeys.graphics]
    autostart = map[GuestKeys.autostart]
    ready = map[GuestKeys.ready]
    labels = map[GuestKeys.labels]
    xml = map[GuestKeys.xml]
  }
}
