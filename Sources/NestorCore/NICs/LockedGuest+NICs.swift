import DomainXML
import Libvirt
import NestorSupport
import Templates

extension LockedGuest {
  /// See ``GuestNICs/add(_:)``.
  func addNIC(_ added: GuestTemplate.NetworkCard) async throws -> String {
    try await requireComplete()
    try await requireAwake()
    guard !added.source.isVhostUser else {
      throw error(
        .unsupported, "the switch of a vhost-user NIC shares the guest's memory from its start",
        hint: "such a NIC is in the guest's template from the start")
    }
    let isNestors = try await record() != nil
    guard isNestors || added.address == nil else {
      throw error(.unsupported, "addresses are kept for guests that nestor made, and it is none")
    }
    let used = Set(try await devices().interfacesNowAndLater.compactMap { $0.mac?.lowercased() })
    if let mac = added.mac, used.contains(mac) {
      throw error(.exists, "it has one with the address \(mac) already")
    }
    // A free one is among so many, since the guest has fewer.
    let mac = (0...used.count).map { Identifiers.macAddress(uuid: domain.uuid, index: $0) }.first { !used.contains($0) }
    let cpus = try await attempt { try await domain.cpuCount(scope: .current, .maximum) }
    var interface = GuestBuilder.interface(
      added, mac: mac ?? "", cpus: cpus,
      hasVhostNet: try await hypervisor.isLocal() && FileTree.exists("/dev/vhost-net"))
    try await prepareNetwork(of: &interface, address: added.address)
    try await attach(try interface.xml())
    let final = interface.mac ?? ""
    guard isNestors else { return final }
    do {
      let wanted = added.address.flatMap { address in
        interface.networkName.map { [GuestPlan.Reservation(network: $0, mac: final, address: address)] }
      }
      try await hypervisor.reserveAddresses(of: name, [interface], wanted: wanted ?? [])
    } catch {
      try? await remove(interface)
      throw error
    }
    return final
  }

  /// Sees to the network that a NIC is about to be plugged into.
  private func prepareNetwork(of interface: inout NetworkInterface, address: String?) async throws {
    guard let name = interface.networkName else { return }
    let network = try await hypervisor.network(name)
    // A NIC that is plugged in already comes out again only when the guest lets it go.
    if let address { try await hypervisor.requireReservable(address, on: network) }
    try await attempt {
      if try await domain.isActive(), try await !network.isActive() { try await network.start() }
    }
    if interface.model == .virtio, interface.mtu == nil { interface.mtu = try await hypervisor.mtu(of: network) }
  }

  /// See ``GuestNICs/remove(_:)``.
  func removeNIC(_ word: String) async throws -> String {
    let devices = try await devices()
    // One that is gone from the guest that runs, but not from its definition, can still be named by its address.
    let later = (devices.config?.interfaces ?? []).filter { nic in
      !devices.present.interfaces.contains { $0.mac == nic.mac }
    }
    let nic = try NICSelector.find(word, among: devices.present.interfaces + later, of: name)
    try await requireAwake()
    try await remove(nic)
    return nic.mac ?? word
  }

  private func remove(_ nic: NetworkInterface) async throws {
    let devices = try await devices()
    let live = devices.live?.interfaces.first { $0.mac == nic.mac }
    let config = devices.config?.interfaces.first { $0.mac == nic.mac }
    try await detach(live: try live.map { (try $0.xml(), $0.alias) }, config: try config?.xml())
    if try await record() != nil { try await hypervisor.releaseAddresses(of: name, [nic]) }
  }

  /// See ``GuestNICs/setLink(of:up:)``.
  func setLink(of word: String, up: Bool) async throws {
    let devices = try await devices()
    let nic = try NICSelector.find(word, among: devices.present.interfaces, of: name)
    try await requireAwake()
    for (list, scope) in [(devices.live, ModificationScope.live), (devices.config, .config)] {
      guard var nic = list?.interfaces.first(where: { $0.mac == nic.mac }), (nic.isLinkUp ?? true) != up else {
        continue
      }
      nic.isLinkUp = up
      try await update(try nic.xml(), scope: scope)
    }
  }
}
