import DomainXML
import NestorSupport
import Templates

extension GuestBuilder {
  func interfaces(_ template: GuestTemplate, uuid: String) -> [NetworkInterface] {
    template.networks.enumerated().map { index, card in
      Self.interface(
        card, mac: Identifiers.macAddress(uuid: uuid, index: index), cpus: template.cpus, hasVhostNet: host.hasVhostNet)
    }
  }

  /// A NIC as a template describes it; `mac` is its address unless the template names one.
  static func interface(
    _ card: GuestTemplate.NetworkCard, mac: String, cpus: Int, hasVhostNet: Bool
  ) -> NetworkInterface {
    let source: NetworkInterface.Source =
      switch card.source {
      case .network(let name): .network(name)
      case .bridge(let name): .bridge(name)
      case .vhostUser(let path): .vhostUser(path: path, isServer: false)
      }
    var interface = NetworkInterface(
      source: source, mac: card.mac ?? mac, model: card.model == .virtio ? .virtio : .e1000e)
    // libvirt uses vhost-net by itself where the device is there, so `auto` says nothing.
    switch card.vhost {
    case .auto: break
    case .on: interface.driver = .vhost
    case .off: interface.driver = .qemu
    }
    // Without vhost-net QEMU moves all queues' packets in one thread, so more of them are of no use.
    let usesVhost = card.model == .virtio && (card.vhost == .on || card.vhost == .auto && hasVhostNet)
    var automatic = 1
    if usesVhost, !card.source.isVhostUser { automatic = min(cpus, 256) }
    let queues = card.queues ?? automatic
    interface.queues = queues > 1 ? queues : nil
    interface.mtu = card.mtu
    interface.isLinkUp = card.link == .down ? false : nil
    interface.isIsolated = card.portIsolation ? true : nil
    interface.filter = card.filter.map { NetworkInterface.FilterReference($0) }
    interface.bandwidth = card.bandwidth.map {
      NetworkInterface.Bandwidth(inbound: $0.inbound.map(limit), outbound: $0.outbound.map(limit))
    }
    interface.bootOrder = card.bootOrder
    return interface
  }

  /// A rate in libvirt's unit, KiB.
  private static func limit(_ rate: GuestTemplate.NetworkCard.Rate) -> NetworkInterface.Limit {
    func kibibytes(_ size: ByteSize) -> Int { Int(clamping: max(size.bytes / 1024, 1)) }
    return NetworkInterface.Limit(
      average: kibibytes(rate.average), peak: rate.peak.map(kibibytes), burst: rate.burst.map(kibibytes))
  }

  /// Adds places on the PCI bus for devices that come later; without them libvirt leaves room for one.
  ///
  /// libvirt fills the places in their order, so there have to be as many more as the guest's own devices need, see
  /// https://libvirt.org/pci-hotplug.html.
  func addHotplugSlots(to definition: inout DomainDefinition, _ template: GuestTemplate) {
    guard template.hotplugSlots > 0 else { return }
    let devices = definition.devices
    var own = devices.interfaces.count + devices.hostDevices.count + devices.randomNumberGenerators.count
    own += devices.disks.count { $0.bus == .virtio }
    own += devices.controllers.count { $0.type == "scsi" }
    if devices.memoryBalloon != MemoryBalloon.none { own += 1 }
    if devices.vsock != nil { own += 1 }
    if !devices.channels.isEmpty { own += 1 }
    // libvirt adds a USB controller by itself.
    own += 1
    for index in 1...(own + template.hotplugSlots) {
      definition.devices.controllers.append(Controller(type: "pci", index: index, model: "pcie-root-port"))
    }
  }

  func reservations(_ resolved: ResolvedTemplate, uuid: String) -> [GuestPlan.Reservation] {
    resolved.template.networks.enumerated().compactMap { index, card in
      guard let address = card.address, case .network(let network) = card.source else { return nil }
      return GuestPlan.Reservation(
        network: network, mac: card.mac ?? Identifiers.macAddress(uuid: uuid, index: index), address: address)
    }
  }

  func addDevices(to definition: inout DomainDefinition, _ template: GuestTemplate, uuid: String) {
    let log = template.console.log ? CharacterLog(path: state.consoleLog(uuid), appends: true) : nil
    definition.devices.serialPorts = [SerialPort(source: .pty(), log: log)]
    definition.devices.channels = template.channels.map { Channel(name: $0) }
    if template.guestAgent { definition.devices.channels.append(.guestAgent) }
    if template.rng { definition.devices.randomNumberGenerators = [RandomNumberGenerator()] }
    definition.devices.panicDevices = [PanicDevice(model: .isa)]
    let balloon = template.balloon
    definition.devices.memoryBalloon =
      balloon.enabled
      ? MemoryBalloon(
        statsPeriod: balloon.statsPeriod > 0 ? balloon.statsPeriod : nil,
        reportsFreePages: balloon.freePageReporting ? true : nil) : MemoryBalloon.none
    if template.watchdog.model != .none {
      definition.devices.watchdogs = [
        Watchdog(
          model: template.watchdog.model.rawValue,
          action: Watchdog.Action(rawValue: template.watchdog.action.rawValue))
      ]
    }
    if template.tpm == .version2 { definition.devices.tpms = [TPM()] }
    if template.graphics == .vnc {
      definition.devices.graphics = [Graphics(type: "vnc", choosesPort: true, listenAddress: "127.0.0.1")]
      definition.devices.videos = [Video(model: "virtio")]
    }
    definition.devices.hostDevices = template.hostDevices.compactMap { device in
      switch device.source {
      // The host binds the device to vfio-pci: a container cannot, so libvirt must not try.
      case .pci(let text): HostDevice.PCIAddress(text).map { HostDevice(source: .pci($0), isManaged: false) }
      case .vhostSCSI(let wwpn): HostDevice(source: .vhostSCSI(wwpn: wwpn))
      }
    }
  }

  /// Gives the channels a controller that has room for them and for two more.
  ///
  /// libvirt's own has room for 31 ports. QEMU gives each port two queues, used or not, and its main loop watches all of them
  /// in every turn: two emulated guests that sent each other packets took a seventh more of the processor. A template with
  /// patches gets libvirt's, since a patch may bring a controller or ports of its own.
  func addPortController(to definition: inout DomainDefinition, _ template: GuestTemplate) {
    let count = definition.devices.channels.count
    guard count > 0, template.xml.isEmpty else { return }
    // Port 0 is a console's, and two are for channels that are plugged in later.
    definition.devices.controllers.append(Controller(type: "virtio-serial", index: 0, ports: count + 3))
  }

  /// Adds the virtual socket, with an ID that is asked for, or the template's, or one that follows from the UUID.
  func addVsock(
    to definition: inout DomainDefinition, _ resolved: ResolvedTemplate, _ contextID: UInt32?, uuid: String
  ) throws {
    let template = resolved.template
    let isWanted =
      switch template.vsock.enabled {
      case .auto: host.hasVhostVsock || template.agent.transport == .vsock || contextID != nil
      case .on: true
      case .off: false
      }
    guard isWanted || contextID == nil else {
      throw NestorError(
        .invalidArgument, "\(resolved.location(of: "vsock")): the guest has no vsock, so it cannot have a context ID",
        hint: "leave out --cid, or the template's vsock: {enabled: false}")
    }
    guard isWanted else { return }
    definition.devices.vsock = Vsock(
      contextID: .fixed(contextID ?? template.vsock.cid ?? Identifiers.contextID(uuid: uuid)))
  }

  /// Adds the strings for the firmware's tables: the template's, and where systemd is to say that it is up.
  ///
  /// systemd reads its credentials there, see https://systemd.io/CREDENTIALS/; others leave the string alone.
  func addSMBIOS(to definition: inout DomainDefinition, _ template: GuestTemplate, uuid: String) {
    var strings = template.smbios.oemStrings
    if definition.devices.vsock != nil { strings.append(NotifySocket(uuid: uuid).credential) }
    guard !strings.isEmpty else { return }
    definition.smbios = SMBIOSInformation(oemStrings: strings)
    definition.os.smbiosMode = "sysinfo"
  }
}
