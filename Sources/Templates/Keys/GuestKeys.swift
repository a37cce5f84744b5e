/// The keys of a template's top level that describe the guest.
enum GuestKeys {
  static let description = Key("description", .text(), default: "", "What the template is for, in a line.")
  static let image = Key(
    "image", Codec.optional(.text(.name("an image's name"))), default: nil, "The Nestor image to boot, such as tiny.")
  static let boot = Key(
    "boot", .record(BootKeys.table, BootKeys.build), default: BootKeys.build(.empty),
    "A kernel that is booted directly.")
  static let firmware = Key("firmware", Codec<GuestTemplate.Firmware>.choice, default: .bios, "The guest's firmware.")
  static let secureBoot = Key(
    "secureBoot", .boolean, default: false, "Whether the UEFI firmware enforces Secure Boot.")
  static let machine = Key(
    "machine", .text(.machine), default: "q35", "The machine type: q35, or one version of it such as pc-q35-7.2.")
  static let accelerator = Key(
    "accelerator", Codec<GuestTemplate.Accelerator>.choice, default: .auto,
    "Who runs the guest: auto is KVM where it was proved to work, else TCG with a warning.")
  static let cpus = Key("cpus", .integer(1...1024), default: 1, "The number of virtual CPUs.")
  static let cpu = Key(
    "cpu", .record(CPUKeys.table, CPUKeys.build), default: CPUKeys.build(.empty), "The model and features of the CPUs.")
  static let memory = Key(
    "memory", .size(.mebibytes(1)...ByteSize.tebibytes(64)), default: .gibibytes(1), "The guest's memory.")
  static let memoryBacking = Key(
    "memoryBacking", .record(MemoryBackingKeys.table, MemoryBackingKeys.build),
    default: MemoryBackingKeys.build(.empty), "Where the memory comes from.")
  static let disks = Key(
    "disks", Codec.list(.record(DiskKeys.table, DiskKeys.build)), default: [], "The disks, in order.")
  static let networks = Key(
    "networks", Codec.list(.record(NetworkKeys.table, NetworkKeys.build)), default: [], "The network cards, in order.")
  static let vsock = Key(
    "vsock", .record(VirtualSocketKeys.table, VirtualSocketKeys.build), default: VirtualSocketKeys.build(.empty),
    "The virtual socket between guest and container.")
  static let agent = Key(
    "agent", .record(AgentKeys.table, AgentKeys.build), default: AgentKeys.build(.empty),
    "Nestor's agent in the guest.")
  static let cloudInit = Key(
    "cloudInit", .record(CloudInitKeys.table, CloudInitKeys.build), default: CloudInitKeys.build(.empty),
    "What cloud-init does in a guest on a disk image.")
  static let console = Key(
    "console", .record(ConsoleKeys.table, ConsoleKeys.build), default: ConsoleKeys.build(.empty), "The serial console.")
  static let channels = Key(
    "channels", Codec.list(.text(.channel)), default: [], "Names of additional virtio-serial ports.")
  static let hotplugSlots = Key(
    "hotplugSlots", .integer(0...16), default: 4,
    "How many NICs and disks can be added while the guest runs; libvirt leaves room for one by itself.")
  static let guestAgent = Key(
    "guestAgent", .boolean, default: false, "Whether the QEMU guest agent has its port.")
  static let rng = Key("rng", .boolean, default: true, "Whether the guest has a virtio random number generator.")
  static let balloon = Key(
    "balloon", .record(BalloonKeys.table, BalloonKeys.build), default: BalloonKeys.build(.empty), "The memory balloon.")
  static let watchdog = Key(
    "watchdog", .record(WatchdogKeys.table, WatchdogKeys.build), default: WatchdogKeys.build(.empty), "The watchdog.")
  static let onCrash = Key(
    "onCrash", Codec<GuestTemplate.CrashAction>.choice, default: .destroy,
    "What happens when the guest's kernel panics, if it drives the panic device.")
  static let tpm = Key(
    "tpm", Codec<GuestTemplate.TrustedPlatformModule>.choice, default: .none, "The TPM: none, or 2.0 by swtpm.")
  static let hostDevices = Key(
    "hostDevices", Codec.list(.record(HostDeviceKeys.table, HostDeviceKeys.build)), default: [],
    "Devices of the host that the guest owns.")
  static let smbios = Key(
    "smbios", .record(SMBIOSKeys.table, SMBIOSKeys.build), default: SMBIOSKeys.build(.empty),
    "What the guest finds in its SMBIOS tables.")
  static let graphics = Key(
    "graphics", Codec<GuestTemplate.Graphics>.choice, default: .none,
    "none leaves the serial console alone; vnc listens on the container's loopback address.")
  static let autostart = Key(
    "autostart", .boolean, default: false, "Whether libvirt starts the guest when it starts itself.")
  static let ready = Key(
    "ready", .record(ReadyKeys.table, ReadyKeys.build), default: ReadyKeys.build(.empty),
    "How one sees that the guest is up.")
  static let labels = Key(
    "labels", .textMap(keys: .labelKey), default: [:], "Labels of your own, kept with the guest.")
  static let xml = Key(
    "xml", Codec.list(.record(TemplatePatchKeys.table, TemplatePatchKeys.build)), default: [],
    "Changes to the finished libvirt XML, in order, for what no key describes.")

  static let keys: [KeyDescription] = [
    description.description, image.description, boot.description, firmware.description, secureBoot.description,
    machine.description, accelerator.description, cpus.description, cpu.description, memory.description,
    memoryBacking.description, disks.description, networks.description, vsock.description, agent.description,
    cloudInit.description, console.description, channels.description, hotplugSlots.description, guestAgent.description,
    rng.description,
    balloon.description,
    watchdog.description, onCrash.description, tpm.description, hostDevices.description, smbios.description,
    graphics.description,
    autostart.description, ready.description, labels.description, xml.description,
  ]

  @Sendable static func build(_ map: CheckedMap) -> GuestTemplate {
    GuestTemplate(map)
  }
}
