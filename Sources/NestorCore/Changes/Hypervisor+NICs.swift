import DomainXML
import Libvirt
import LibvirtFailures
import NestorSupport
import Templates

extension Hypervisor {
  /// A guest's NICs, in their order.
  public func nics(of name: String) async throws -> [NICSummary] {
    let domain = try await domain(name)
    let devices = try await devices(of: domain)
    let addresses = devices.live == nil ? [] : (try? await domain.interfaceAddresses(.lease)) ?? []
    return devices.present.interfaces.enumerated().map { index, nic in
      NICSummary(
        index: index, mac: nic.mac ?? "-", source: nic.source.text, model: nic.model?.rawValue ?? "-",
        isLinkUp: nic.isLinkUp ?? true,
        addresses: addresses.filter { $0.mac == nic.mac }.flatMap(\.addresses).map { "\($0.address)/\($0.prefix)" },
        device: devices.live == nil ? nil : nic.targetDevice)
    }
  }

  /// Adds a NIC to a guest, at once where it runs and for later starts; returns its MAC address.
  ///
  /// Throws ``NestorError`` of code `unsupported` for a vhost-user NIC, whose switch needs the guest's memory from its start.
  @discardableResult
  public func addNIC(_ added: GuestTemplate.NetworkCard, to name: String) async throws -> String {
    try await locking(name, to: "change") {
      let domain = try await domain(name)
      let record = try await record(of: domain)
      try refuseUnfinished(record, name, to: "change")
      let failure = "cannot add a NIC to guest '\(domain.name)'"
      try await requireAwake(domain, failure)
      guard !added.source.isVhostUser else {
        throw NestorError(
          .unsupported, failure, cause: "the switch of a vhost-user NIC shares the guest's memory from its start",
          hint: "such a NIC is in the guest's template from the start")
      }
      guard record != nil || added.address == nil else {
        throw NestorError(
          .unsupported, failure, cause: "addresses are kept for guests that nestor made, and it is none")
      }
      let devices = try await devices(of: domain)
      let used = Set(
        (devices.present.interfaces + (devices.config?.interfaces ?? [])).compactMap { $0.mac?.lowercased() })
      if let mac = added.mac, used.contains(mac) {
        throw NestorError(.exists, failure, cause: "it has one with the address \(mac) already")
      }
      // A free one is among so many, since the guest has fewer.
      let mac = (0...used.count).map { Identifiers.macAddress(uuid: domain.uuid, index: $0) }.first {
        !used.contains($0)
      }
      let cpus = try await explaining(failure) { try await domain.cpuCount(scope: .current, .maximum) }
      var interface = GuestBuilder.interface(
        added, mac: mac ?? "", cpus: cpus,
        hasVhostNet: try await isLocal() && FileTree.exists("/dev/vhost-net"))
      try await prepare(&interface, of: domain, address: added.address, failure)
      try await attach(try interface.xml(), to: domain, devices.scope, failure)
      let final = interface.mac ?? ""
      guard record != nil else { return final }
      do {
        let wanted = added.address.flatMap { address in
          interface.networkName.map { [GuestPlan.Reservation(network: $0, mac: final, address: address)] }
        }
        try await reserveAddresses(of: domain.name, [interface], wanted: wanted ?? [])
      } catch {
        try? await removeNIC(interface, from: domain, failure)
        throw error
      }
      return final
    }
  }

  /// Sees to the network that a NIC is about to be plugged into.
  private func prepare(
    _ interface: inout NetworkInterface, of domain: Domain, address: String?, _ failure: String
  ) async throws {
    guard let name = interface.networkName else { return }
    let network = try await network(name)
    // A card that is plugged in already comes out again only when the guest lets it go.
    if let address { try await requireReservable(address, on: network) }
    try await explaining(failure) {
      if try await domain.isActive(), try await !network.isActive() { try await network.start() }
    }
    if interface.model == .virtio, interface.mtu == nil { interface.mtu = try await mtu(of: network) }
  }

  /// Takes a NIC from a guest, with the address that is kept for it; answers with its MAC address.
  @discardableResult
  public func removeNIC(_ word: String, from name: String) async throws -> String {
    try await locking(name, to: "change") {
      let domain = try await domain(name)
      let devices = try await devices(of: domain)
      // One that is gone from the guest that runs, but not from its definition, can still be named by its address.
      let all =
        devices.present.interfaces
        + (devices.config?.interfaces ?? []).filter { nic in
          !devices.present.interfaces.contains { $0.mac == nic.mac }
        }
      let nic = try NICSelector.find(word, among: all, of: name)
      let failure = "cannot remove the NIC \(nic.mac ?? word) from guest '\(domain.name)'"
      try await requireAwake(domain, failure)
      try await removeNIC(nic, from: domain, failure)
      return nic.mac ?? word
    }
  }

  private func removeNIC(_ nic: NetworkInterface, from domain: Domain, _ failure: String) async throws {
    let devices = try await devices(of: domain)
    let live = devices.live?.interfaces.first { $0.mac == nic.mac }
    let config = devices.config?.interfaces.first { $0.mac == nic.mac }
    try await detach(
      live: try live.map { (try $0.xml(), $0.alias) }, config: try config?.xml(), from: domain, failure)
    if try await record(of: domain) != nil { try await releaseAddresses(of: domain.name, [nic]) }
  }

  /// Plugs the cable of a guest's NIC in or out, at once where the guest runs and for later starts.
  public func setLink(of word: String, up: Bool, in name: String) async throws {
    try await locking(name, to: "change") {
      let domain = try await domain(name)
      let devices = try await devices(of: domain)
      let nic = try NICSelector.find(word, among: devices.present.interfaces, of: name)
      let failure = "cannot plug the cable of NIC \(nic.mac ?? word) of guest '\(name)' \(up ? "in" : "out")"
      try await requireAwake(domain, failure)
      for (list, scope) in [(devices.live, ModificationScope.live), (devices.config, .config)] {
        guard var nic = list?.interfaces.first(where: { $0.mac == nic.mac }), (nic.isLinkUp ?? true) != up else {
          continue
        }
        nic.isLinkUp = up
        let xml = try nic.xml()
        try await explaining(failure) { try await domain.updateDevice(xml: xml, scope: scope) }
      }
    }
  }

  /// The largest packet on a network; nil where that was not said.
  func mtu(of network: Network) async throws -> Int? {
    try await explaining("cannot read network '\(network.name)'") {
      try NetworkDefinition(xml: try await network.xml(inactive: try await network.isPersistent())).mtu
    }
  }
}
