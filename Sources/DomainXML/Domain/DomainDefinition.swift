/// A guest as libvirt's domain XML describes it (https://libvirt.org/formatdomain.html).
///
/// Reading takes apart what is known and keeps the rest beside it, in each value's `unknown`; writing puts both
/// together. So a definition that was read, changed and written loses nothing but comments outside unknown elements.
/// Writing is stable: the same value gives the same bytes, and reading them gives the same value.
public struct DomainDefinition: Sendable, Equatable {
  /// Which hypervisor runs it.
  public var type: VirtualizationType
  /// libvirt's number of the running guest; only in XML read from a running one.
  public var id: Int?
  /// The name, unique on a connection.
  public var name: String
  /// The UUID; nil lets libvirt make one.
  public var uuid: String?
  /// Tells the guest that it was copied; nil for a guest without the device.
  public var generationID: GenerationID?
  /// A short title without line breaks.
  public var title: String?
  /// A description.
  public var description: String?
  /// What applications keep with the domain.
  public var metadata: DomainMetadata
  /// The memory that the guest may have at most.
  public var memory: MemorySize
  /// The memory that it starts with; nil for all.
  public var currentMemory: MemorySize?
  /// Where the memory comes from.
  public var memoryBacking: MemoryBacking?
  /// How many virtual processors it may have at most.
  public var vcpus: Int
  /// How many it starts with; nil for all.
  public var currentVCPUs: Int?
  /// How many I/O threads serve its disks.
  public var ioThreads: Int?
  /// Strings for the guest's SMBIOS tables.
  public var smbios: SMBIOSInformation?
  /// What boots it, on which machine.
  public var os: OperatingSystem
  /// Features of the hypervisor.
  public var features: DomainFeatures
  /// Its processor; nil for the hypervisor's default.
  public var cpu: CPUModel?
  /// Its clock; nil for libvirt's default.
  public var clock: DomainClock?
  /// What follows when it switches itself off; nil for libvirt's default, `destroy`.
  public var onPowerOff: LifecycleAction?
  /// What follows when it reboots; nil for libvirt's default, `restart`.
  public var onReboot: LifecycleAction?
  /// What follows when it crashes; nil for libvirt's default, `destroy`.
  public var onCrash: LifecycleAction?
  /// Its devices.
  public var devices: DomainDevices
  /// How security drivers confine it.
  public var securityLabels: [SecurityLabel]
  /// Namespaces declared on the root, QEMU's for `qemu:commandline` among them.
  public var namespaces: [XMLTree.Namespace]
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a definition; what is not given is left to libvirt.
  public init(
    name: String, memory: MemorySize, vcpus: Int = 1, type: VirtualizationType = .kvm, uuid: String? = nil,
    os: OperatingSystem = OperatingSystem(), cpu: CPUModel? = nil, features: DomainFeatures = DomainFeatures(),
    devices: DomainDevices = DomainDevices()
  ) {
    self.type = type
    self.name = name
    self.uuid = uuid
    metadata = DomainMetadata()
    self.memory = memory
    self.vcpus = vcpus
    self.os = os
    self.features = features
    self.cpu = cpu
    self.devices = devices
    securityLabels = []
    namespaces = []
  }

  /// The namespace of libvirt's own extension for QEMU (https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands).
  public static let qemuNamespace = XMLTree.Namespace(
    prefix: "qemu", uri: "http://libvirt.org/schemas/domain/qemu/1.0")
}
