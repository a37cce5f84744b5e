/// The devices of a guest (https://libvirt.org/formatdomain.html#devices).
///
/// Kinds that have no list here survive a read and write in `unknown`. Within a kind the order is kept.
public struct DomainDevices: Sendable, Equatable {
  /// QEMU's executable; nil lets libvirt choose.
  public var emulator: String?
  /// Disks, CD and floppy drives.
  public var disks: [Disk]
  /// Controllers; libvirt adds those that are needed and not named.
  public var controllers: [Controller]
  /// Network cards.
  public var interfaces: [NetworkInterface]
  /// Serial ports.
  public var serialPorts: [SerialPort]
  /// Consoles.
  public var consoles: [Console]
  /// Channels.
  public var channels: [Channel]
  /// Emulated TPMs.
  public var tpms: [TPM]
  /// Remote displays; none unless asked for.
  public var graphics: [Graphics]
  /// Video cards; none unless asked for.
  public var videos: [Video]
  /// Devices of the host handed to the guest.
  public var hostDevices: [HostDevice]
  /// Watchdogs.
  public var watchdogs: [Watchdog]
  /// The balloon; nil lets libvirt add one.
  public var memoryBalloon: MemoryBalloon?
  /// Sources of entropy.
  public var randomNumberGenerators: [RandomNumberGenerator]
  /// Devices by which the guest's kernel tells that it panicked; none unless asked for.
  public var panicDevices: [PanicDevice]
  /// The socket between guest and host.
  public var vsock: Vsock?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a set of devices.
  public init(
    emulator: String? = nil, disks: [Disk] = [], controllers: [Controller] = [], interfaces: [NetworkInterface] = [],
    serialPorts: [SerialPort] = [], consoles: [Console] = [], channels: [Channel] = [], tpms: [TPM] = [],
    graphics: [Graphics] = [], videos: [Video] = [], hostDevices: [HostDevice] = [], watchdogs: [Watchdog] = [],
    memoryBalloon: MemoryBalloon? = nil, randomNumberGenerators: [RandomNumberGenerator] = [],
    panicDevices: [PanicDevice] = [], vsock: Vsock? = nil
  ) {
    self.emulator = emulator
    self.disks = disks
    self.controllers = controllers
    self.interfaces = interfaces
    self.serialPorts = serialPorts
    self.consoles = consoles
    self.channels = channels
    self.tpms = tpms
    self.graphics = graphics
    self.videos = videos
    self.hostDevices = hostDevices
    self.watchdogs = watchdogs
    self.memoryBalloon = memoryBalloon
    self.randomNumberGenerators = randomNumberGenerators
    self.panicDevices = panicDevices
    self.vsock = vsock
  }
}

extension DomainDevices {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    self.init()
    emulator = try reader.childText("emulator")
    disks = try reader.values("disk") { reader throws(DomainXMLError) in try Disk(&reader) }
    controllers = try reader.values("controller") { reader throws(DomainXMLError) in try Controller(&reader) }
    interfaces = try reader.values("interface") { reader throws(DomainXMLError) in try NetworkInterface(&reader) }
    serialPorts = try reader.values("serial") { reader throws(DomainXMLError) in try SerialPort(&reader) }
    consoles = try reader.values("console") { reader throws(DomainXMLError) in try Console(&reader) }
    channels = try reader.values("channel") { reader throws(DomainXMLError) in try Channel(&reader) }
    tpms = try reader.values("tpm") { reader throws(DomainXMLError) in try TPM(&reader) }
    graphics = try reader.values("graphics") { reader throws(DomainXMLError) in try Graphics(&reader) }
    videos = try reader.values("video") { reader throws(DomainXMLError) in try Video(&reader) }
    hostDevices = try reader.values("hostdev") { reader throws(DomainXMLError) in try HostDevice(&reader) }
    watchdogs = try reader.values("watchdog") { reader throws(DomainXMLError) in try Watchdog(&reader) }
    memoryBalloon = try reader.value("memballoon") { reader throws(DomainXMLError) in try MemoryBalloon(&reader) }
    randomNumberGenerators = try reader.values("rng") { reader throws(DomainXMLError) in
      try RandomNumberGenerator(&reader)
    }
    panicDevices = try reader.values("panic") { reader throws(DomainXMLError) in try PanicDevice(&reader) }
    vsock = try reader.value("vsock") { reader throws(DomainXMLError) in try Vsock(&reader) }
    unknown = reader.unknown
  }

  func element() throws(DomainXMLError) -> XMLTree {
    var tree = XMLTree("devices")
    tree.add("emulator", text: emulator)
    for disk in disks { tree.add(disk.element) }
    for controller in controllers { tree.add(controller.element) }
    for interface in interfaces { tree.add(interface.element) }
    for port in serialPorts { tree.add(port.element) }
    for console in consoles { tree.add(console.element) }
    for channel in channels { tree.add(channel.element) }
    for tpm in tpms { tree.add(tpm.element) }
    for display in graphics { tree.add(display.element) }
    for video in videos { tree.add(video.element) }
    for device in hostDevices { tree.add(device.element) }
    for watchdog in watchdogs { tree.add(watchdog.element) }
    if let memoryBalloon { tree.add(memoryBalloon.element) }
    for generator in randomNumberGenerators { tree.add(generator.element) }
    for device in panicDevices { tree.add(device.element) }
    if let vsock { tree.add(try vsock.element()) }
    unknown.merge(into: &tree)
    return tree
  }
}
