import DomainXML
import Libvirt
import NestorSupport

extension Hypervisor {
  /// Lets the DHCP servers of libvirt's networks keep an address for each of these NICs of a guest, under the guest's name:
  /// the one that its template names, or that it has at the moment, or a free one.
  ///
  /// A NIC that has one already keeps it. Networks that are not there, and those without DHCP, are left out, unless the
  /// template names an address on them.
  func reserveAddresses(
    of guest: String, _ interfaces: [NetworkInterface], wanted: [GuestPlan.Reservation] = []
  ) async throws {
    let own = Set(interfaces.compactMap { $0.mac?.lowercased() })
    for interface in interfaces {
      guard case .network(let name) = interface.source, let mac = interface.mac?.lowercased() else { continue }
      let address = wanted.first { $0.network == name && $0.mac.lowercased() == mac }?.address
      let failure =
        address.map { "cannot reserve \($0) for guest '\(guest)' on network '\(name)'" }
        ?? "cannot reserve an address for guest '\(guest)' on network '\(name)'"
      do {
        let network = try await connection.network(named: name)
        try await reserve(address, on: network, mac: mac, guest: guest, own: own, failure)
      } catch let error as LibvirtError where error.code == .noNetwork && address == nil {
        // Its start says so, if it is not made until then.
        continue
      } catch {
        throw NestorError(wrapping: error, failure)
      }
    }
  }

  /// How often a network is looked at anew after another program was faster.
  private static let attempts = 8

  /// `own` are the MAC addresses of all of the guest's NICs.
  private func reserve(
    _ address: String?, on network: Network, mac: String, guest: String, own: Set<String>, _ failure: String
  ) async throws {
    for attempt in 1... {
      let definition = try await definition(of: network)
      let choice = AddressChoice(definition)
      if let reservation = choice?.reservation(of: mac) {
        try await refuseTaken(mac, by: reservation, guest: guest, failure)
        if address == nil || reservation.address == address { return }
      }
      // What a guest that virsh undefined left behind is in nobody's way.
      if let choice {
        let inTheWay = choice.reservations.filter { $0.name == guest || address != nil && $0.address == address }
        let others = inTheWay.compactMap { $0.mac?.lowercased() }.filter { !own.contains($0) }
        let orphans = try await unused(among: Set(try chosen(among: others, on: definition)))
        if attempt < Self.attempts, try await release(orphans, on: network) { continue }
      }
      guard let chosen = try await chosenAddress(address, choice, network, mac: mac, guest: guest) else { return }
      var host = XMLTree("host")
      host["mac"] = mac
      // A second NIC of the guest on the network has no name, since a name has one address.
      if Self.isReservable(name: guest), choice?.isTaken(name: guest) != true { host["name"] = guest }
      host["ip"] = chosen
      do {
        return try await network.update(
          .addLast, .dhcpHost, xml: try host.serialized(), scope: try await scope(of: network))
      } catch let error as LibvirtError where error.code == .operationInvalid {
        // libvirt refuses what is reserved already: another program took address or name since they were looked at.
        if address == nil, attempt < Self.attempts { continue }
        throw NestorError(
          .exists, failure, cause: error.message,
          hint: "another guest has the address or the name there: nestor network info \(network.name)")
      }
    }
  }

  /// Whether libvirt takes a guest's name for a reservation: it wants a letter first.
  static func isReservable(name: String) -> Bool {
    guard let first = name.utf8.first else { return false }
    return first | 0x20 >= UInt8(ascii: "a") && !name.utf8.contains(UInt8(ascii: "."))
  }

  /// The address to reserve: the wanted one, or one that is free; nil where the network has none to give.
  private func chosenAddress(
    _ wanted: String?, _ choice: AddressChoice?, _ network: Network, mac: String, guest: String
  ) async throws -> String? {
    if let wanted {
      try Self.check(wanted, choice, network)
      return wanted
    }
    guard let choice, !choice.ranges.isEmpty else { return nil }
    let leases = try await network.isActive() ? try await network.leases() : []
    let own = leases.first { $0.mac?.lowercased() == mac && !$0.isIPv6 }.flatMap { IPAddress($0.address) }
    let others = Set(leases.filter { $0.mac?.lowercased() != mac }.compactMap { IPAddress($0.address) })
    if let address = choice.choose(preferred: own, seed: guest, leased: others) { return "\(address)" }
    warn("network '\(network.name)' has no free address to keep for guest '\(guest)'")
    return nil
  }

  /// The addresses that the DHCP servers of libvirt's networks keep for NICs.
  func reservedAddresses(of nics: [NetworkInterface]) async throws -> Set<String> {
    var addresses: Set<String> = []
    for nic in nics {
      guard let name = nic.networkName, let mac = nic.mac, let network = try? await connection.network(named: name)
      else {
        continue
      }
      if let reservation = try await addressChoice(on: network)?.reservation(of: mac) {
        addresses.insert(reservation.address)
      }
    }
    return addresses
  }

  /// Refuses an address that a network's DHCP server could not give out.
  func requireReservable(_ address: String, on network: Network) async throws {
    let definition = try await withContext("cannot read network '\(network.name)'") {
      try await self.definition(of: network)
    }
    try Self.check(address, AddressChoice(definition), network)
  }

  private static func check(_ wanted: String, _ choice: AddressChoice?, _ network: Network) throws {
    let failure = "\(wanted) cannot be kept on network '\(network.name)'"
    guard let choice else {
      throw NestorError(
        .invalidArgument, failure, cause: "the network has no DHCP server of libvirt's",
        hint: "leave the address out, and set it inside the guest")
    }
    guard let address = IPAddress(wanted), let subnet = choice.subnet else { return }
    guard subnet.contains(address) else {
      throw NestorError(.invalidArgument, failure, cause: "its addresses are those of \(subnet)")
    }
    guard address != choice.gateway, address != subnet.first, address != subnet.last else {
      throw NestorError(
        .invalidArgument, failure,
        cause: address == choice.gateway ? "it is the address of its bridge" : "it stands for the segment as a whole")
    }
  }

  /// Refuses a MAC address that another guest has: both would get one address.
  private func refuseTaken(
    _ mac: String, by reservation: NetworkAddress.Reservation, guest: String, _ failure: String
  ) async throws {
    // The name of a guest that is gone, or was renamed, is nobody's.
    guard let owner = reservation.name, owner != guest, let other = try? await connection.domain(named: owner),
      try await interfaces(of: other).contains(where: { $0.mac?.lowercased() == mac })
    else { return }
    throw NestorError(
      .exists, failure, cause: "guest '\(owner)' has a NIC with the same MAC address, \(mac)",
      hint: "give it another, or none: nestor then chooses one")
  }

  /// A reservation of Nestor's for a NIC that no guest has, such as one that virsh undefined.
  struct OrphanedReservation: Sendable {
    let network: String
    let mac: String
  }

  /// The reservations that are left of guests which libvirt does not know any more.
  func orphanedReservations() async throws -> [OrphanedReservation] {
    try await withContext("cannot look for addresses that nobody needs") {
      var found: [OrphanedReservation] = []
      for network in try await connection.networks() {
        let definition = try await definition(of: network)
        let macs = definition.addresses.compactMap(\.dhcp).flatMap(\.reservations).compactMap { $0.mac?.lowercased() }
        found += try chosen(among: macs, on: definition).map { OrphanedReservation(network: network.name, mac: $0) }
      }
      let orphans = try await unused(among: Set(found.map(\.mac)))
      return found.filter { orphans.contains($0.mac) }
    }
  }

  /// Those MAC addresses of a network's reservations that Nestor chose.
  ///
  /// A network that Nestor did not make may hold such addresses of others; there an address has to follow from the UUID of
  /// a guest whose files are left.
  private func chosen(among macs: [String], on network: NetworkDefinition) throws -> [String] {
    let own = macs.filter { Identifiers.isOwn(mac: $0) }
    guard !own.isEmpty, NetworkRecord(network.metadata) == nil else { return own }
    let left = Set(try FileTree.names(in: state.guests).flatMap(Identifiers.macAddresses))
    return own.filter(left.contains)
  }

  /// Those MAC addresses that no guest has. They were read before this: a NIC comes before its reservation.
  private func unused(among macs: Set<String>) async throws -> Set<String> {
    var unused = macs
    guard !unused.isEmpty else { return [] }
    for domain in try await connection.domains() {
      unused.subtract(try await interfaces(of: domain).compactMap { $0.mac?.lowercased() })
    }
    return unused
  }

  /// The addresses that a network's DHCP server has to give; nil where it has none.
  func addressChoice(on network: Network) async throws -> AddressChoice? {
    AddressChoice(try await definition(of: network))
  }

  /// A network as it starts next, or as it is where it is not defined.
  private func definition(of network: Network) async throws -> NetworkDefinition {
    try NetworkDefinition(xml: try await network.xml(inactive: try await network.isPersistent()))
  }

  /// Takes back what is left of a guest that libvirt does not know any more.
  func release(_ orphan: OrphanedReservation) async throws {
    try await withContext("cannot take back the address of \(orphan.mac) on network '\(orphan.network)'") {
      let network = try await connection.network(named: orphan.network)
      try await release([orphan.mac], on: network)
    }
  }

  /// Takes back the reservations of a network for these MAC addresses; returns whether there was any.
  @discardableResult
  private func release(_ macs: Set<String>, on network: Network) async throws -> Bool {
    guard !macs.isEmpty else { return false }
    return try await release(on: network) { $0["mac"].map { macs.contains($0.lowercased()) } ?? false }
  }

  /// Takes back the addresses that networks keep for a guest which libvirt does not know any more; before its files go,
  /// because these show that the addresses were Nestor's.
  func releaseOrphans(ofGuest uuid: String) async throws {
    let own = Set(Identifiers.macAddresses(uuid: uuid))
    for orphan in try await orphanedReservations() where own.contains(orphan.mac) { try await release(orphan) }
  }

  /// Takes back the reservations of a network that fit, now and later; returns whether there was any.
  @discardableResult
  private func release(on network: Network, _ fits: (XMLTree) -> Bool) async throws -> Bool {
    var isReleased = false
    try await forReservations(of: network) { host, _, part in
      guard fits(host) else { return }
      do {
        try await network.update(.delete, .dhcpHost, xml: try host.serialized(), scope: part)
        isReleased = true
      } catch let error as LibvirtError where error.code == .operationInvalid {
        // Another program was faster.
      }
    }
    return isReleased
  }

  /// Takes back the addresses that were reserved for these NICs of a guest: those of its name, or of none, and one of
  /// their MAC addresses.
  func releaseAddresses(of guest: String, _ interfaces: [NetworkInterface]) async throws {
    let addresses = Set(interfaces.compactMap { $0.mac?.lowercased() })
    for name in Set(interfaces.compactMap(\.networkName)) {
      // A network that is gone took its reservations along.
      guard let network = try? await connection.network(named: name) else { continue }
      try await release(on: network) { host in
        (host["name"] == nil || host["name"] == guest)
          && host["mac"].map { addresses.contains($0.lowercased()) } ?? false
      }
    }
  }

  /// Where a change of a network has to be made so that it holds now and later.
  func scope(of network: Network) async throws -> ModificationScope {
    var scope: ModificationScope = []
    if try await network.isActive() { scope.insert(.live) }
    if try await network.isPersistent() { scope.insert(.config) }
    return scope
  }
}

extension NetworkInterface {
  /// The network of libvirt that the NIC is attached to.
  var networkName: String? {
    if case .network(let name) = source { name } else { nil }
  }
}
