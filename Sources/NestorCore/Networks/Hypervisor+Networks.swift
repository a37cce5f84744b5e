import DomainXML
import FoundationEssentials
import Libvirt
import NestorSupport

extension Hypervisor {
  /// Makes a network and starts it; one that was made in the same way, whole or half, ends up the same.
  ///
  /// It carries Nestor's mark from the moment that it is defined, starts with libvirt, and runs. Throws a ``NestorError``
  /// with code `exists` when its addresses clash with others of this machine or of libvirt's, or a different network has
  /// the name.
  package func createNetwork(_ settings: NetworkSettings) async throws -> CreateOutcome {
    try await withNetworkLock(settings.name, to: "create") {
      let failure = "cannot create network '\(settings.name)'"
      var outcome = CreateOutcome.created
      let network: Network
      var isNew = false
      if let existing = try await existingNetwork(settings.name) {
        try await accept(existing, settings)
        outcome = try await existing.isActive() ? .alreadyThere : .created
        network = existing
      } else {
        // One at a time, since two that are made at once could take the same addresses.
        network = try await FileLock.holding(
          state.lock("networks", "all"), purpose: "create a network", timeout: .seconds(120)
        ) {
          try await refuseClashes(settings, failure)
          let xml = try settings.definition.xml()
          return try await withContext(failure) { try await connection.defineNetwork(xml: xml) }
        }
        isNew = true
      }
      do {
        try await withContext(failure) {
          try await startIfInactive(network)
          try await network.setAutostart(true)
        }
      } catch {
        if isNew, try await !network.isActive() { try? await network.undefine() }
        throw error
      }
      return outcome
    }
  }

  /// All networks by name, whether Nestor made them or not.
  package func networks() async throws -> [NetworkInfo] {
    try await withContext("cannot list the networks") {
      let users = try await networkUsers()
      var rows: [NetworkInfo] = []
      for network in try await connection.networks() {
        do {
          rows.append(try await networkInfo(network, users))
        } catch let error as LibvirtError where error.code == .noNetwork {
          continue  // It went in the meantime.
        }
      }
      return rows.sorted { $0.name < $1.name }
    }
  }

  /// All that is known of a network.
  package func networkInfo(_ name: String) async throws -> NetworkInfo {
    let network = try await network(name)
    return try await withContext("cannot read network '\(name)'") {
      try await networkInfo(network, try await networkUsers())
    }
  }

  /// The addresses that a network's DHCP server gave out or keeps, in their order.
  package func leases(of name: String) async throws -> [NetworkLease] {
    let network = try await network(name)
    return try await withContext("cannot read the leases of network '\(name)'") {
      let definition = try await definition(of: network)
      var owners: [String: String] = [:]
      for domain in try await connection.domains() {
        for interface in try await interfaces(of: domain) {
          if let mac = interface.mac?.lowercased() { owners[mac] = domain.name }
        }
      }
      var leases: [String: NetworkLease] = [:]
      for host in definition.addresses.flatMap({ $0.dhcp?.reservations ?? [] }) {
        leases[host.address] = NetworkLease(
          address: host.address, mac: host.mac, hostname: host.name,
          guest: host.mac.flatMap { owners[$0.lowercased()] },
          isReserved: true, expires: nil)
      }
      for lease in try await network.isActive() ? try await network.leases() : [] {
        let kept = leases[lease.address]
        leases[lease.address] = NetworkLease(
          address: lease.address, mac: lease.mac ?? kept?.mac, hostname: lease.hostname ?? kept?.hostname,
          guest: lease.mac.flatMap { owners[$0.lowercased()] }, isReserved: kept != nil && kept?.mac == lease.mac,
          expires: lease.expiry.map { Date(timeIntervalSince1970: Double($0)).formatted(.iso8601) })
      }
      return leases.values.compactMap { lease in IPAddress(lease.address).map { ($0, lease) } }
        .sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// Deletes a network that no guest uses; with `force` also one that Nestor did not make.
  package func deleteNetwork(_ name: String, force: Bool = false) async throws {
    try await withNetworkLock(name, to: "delete") {
      let network = try await network(name)
      let failure = "cannot delete network '\(name)'"
      let record = NetworkRecord(try await definition(of: network).metadata)
      guard force || record != nil else {
        throw NestorError(
          .invalidState, failure, cause: "nestor did not make it", hint: "nestor network delete --force \(name)")
      }
      if let users = try await networkUsers()[name] {
        throw NestorError(
          .busy, failure, cause: "\(Self.list(users)) attached to it",
          hint: "delete them first, or take their NIC away: nestor nic remove \(users[0]) …")
      }
      try await withContext(failure) {
        let isPersistent = try await network.isPersistent()
        try await destroyIfActive(network)
        if isPersistent { try await network.undefine() }
      }
    }
  }

  /// Starts a network; false where it runs already.
  @discardableResult
  package func startNetwork(_ name: String) async throws -> Bool {
    try await withNetworkLock(name, to: "start") {
      let network = try await network(name)
      return try await withContext("cannot start network '\(name)'") { try await startIfInactive(network) }
    }
  }

  /// Stops a network; guests that run on it lose it, which needs `force`. False where it does not run.
  @discardableResult
  package func stopNetwork(_ name: String, force: Bool = false) async throws -> Bool {
    try await withNetworkLock(name, to: "stop") {
      let network = try await network(name)
      let failure = "cannot stop network '\(name)'"
      guard try await withContext(failure, { try await network.isActive() }) else { return false }
      if !force, let users = try await networkUsers(running: true)[name] {
        throw NestorError(
          .busy, failure, cause: "\(Self.list(users)) running on it", hint: "nestor network stop --force \(name)")
      }
      try await withContext(failure) { try await destroyIfActive(network) }
      return true
    }
  }
}

extension Hypervisor {
  func network(_ name: String) async throws -> Network {
    if let network = try await existingNetwork(name) { return network }
    let names = ((try? await connection.networks()) ?? []).map(\.name)
    throw NestorError(
      .notFound, "there is no network '\(name)'",
      hint: NearestName.suggestion(for: name, among: names) ?? "see all networks: nestor network list")
  }

  private func existingNetwork(_ name: String) async throws -> Network? {
    guard !name.isEmpty, name.utf8.count <= 255, !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
      throw NestorError(.invalidName, "'\(name.debugDescription)' cannot be a network's name")
    }
    do {
      return try await connection.network(named: name)
    } catch let error as LibvirtError where error.code == .noNetwork {
      return nil
    } catch {
      throw NestorError(wrapping: error, "cannot look up network '\(name)'")
    }
  }

  func withNetworkLock<Value: Sendable>(
    _ name: String, to purpose: String, _ body: () async throws -> Value
  ) async throws -> Value {
    try state.prepare()
    return try await FileLock.holding(
      state.lock("network", name), purpose: "\(purpose) network '\(name)'", timeout: .seconds(120), body)
  }

  /// Its definition, or what there is of it where it was only ever started.
  private func definition(of network: Network) async throws -> NetworkDefinition {
    try await withContext("cannot read network '\(network.name)'") {
      try NetworkDefinition(xml: try await network.xml(inactive: try await network.isPersistent()))
    }
  }

  @discardableResult
  private func startIfInactive(_ network: Network) async throws -> Bool {
    if try await network.isActive() { return false }
    do {
      try await network.start()
      return true
    } catch let error as LibvirtError where error.code == .operationInvalid {
      // Another program started it at the same moment.
      guard try await network.isActive() else { throw error }
      return false
    }
  }

  private func destroyIfActive(_ network: Network) async throws {
    do {
      try await network.destroy()
    } catch let error as LibvirtError where error.code == .operationInvalid || error.code == .noNetwork {
      // It stood still already, or was never defined and is gone with that.
    }
  }

  /// A network that was made in the same way is what was asked for; any other is in the way.
  private func accept(_ network: Network, _ settings: NetworkSettings) async throws {
    let record = NetworkRecord(try await definition(of: network).metadata)
    guard record != settings.record else { return }
    throw NestorError(
      .exists, "network '\(settings.name)' exists already",
      cause: record == nil ? "it was not made by nestor" : "it was made in another way",
      hint:
        "see it: nestor network info \(settings.name); delete it: nestor network delete \(settings.name); or choose "
        + "another name")
  }

  private func networkInfo(_ network: Network, _ users: [String: [String]]) async throws -> NetworkInfo {
    let definition = try await definition(of: network)
    let dhcp = definition.addresses.compactMap(\.dhcp)
    return NetworkInfo(
      name: network.name, uuid: network.uuid, isActive: try await network.isActive(),
      autostart: try await network.isPersistent() ? try await network.autostart() : false,
      reach: definition.forward.map { $0.mode?.rawValue ?? "nat" } ?? "isolated", bridge: definition.bridge?.name,
      subnets: definition.addresses.compactMap { $0.range.map { "\($0)" } },
      gateways: definition.addresses.map(\.address),
      ranges: dhcp.flatMap(\.ranges).map { "\($0.start)-\($0.end)" },
      reservations: dhcp.flatMap(\.reservations).map {
        NetworkInfo.Reservation(address: $0.address, mac: $0.mac, name: $0.name)
      },
      domain: definition.domain?.name, mtu: definition.mtu, isOurs: NetworkRecord(definition.metadata) != nil,
      guests: users[network.name] ?? [])
  }

  /// The guests that are attached to each network, now or at their next start.
  private func networkUsers(running: Bool = false) async throws -> [String: [String]] {
    try await withContext("cannot look at the guests' NICs") {
      var users: [String: [String]] = [:]
      for domain in try await connection.domains(running ? .active : []).sorted(by: { $0.name < $1.name }) {
        let names = Set(try await interfaces(of: domain, running: running).compactMap(\.networkName))
        for name in names { users[name, default: []].append(domain.name) }
      }
      return users
    }
  }

  /// A domain's NICs, those of now and those of its next start; none for one that went in the meantime.
  func interfaces(of domain: Domain, running: Bool = false) async throws -> [NetworkInterface] {
    do {
      let flags: [DomainXMLFlags] = running ? [[]] : [[], .inactive]
      var interfaces: [NetworkInterface] = []
      for flag in flags { interfaces += try DomainDefinition(xml: try await domain.xml(flag)).devices.interfaces }
      return interfaces
    } catch let error as LibvirtError where error.code == .noDomain {
      return []
    }
  }

  /// The largest packet on a network; nil where that was not said.
  func mtu(of network: Network) async throws -> Int? {
    try await withContext("cannot read network '\(network.name)'") {
      try NetworkDefinition(xml: try await network.xml(inactive: try await network.isPersistent())).mtu
    }
  }

  /// Refuses addresses that overlap those of another network or of this machine, and a bridge that is not there.
  private func refuseClashes(_ settings: NetworkSettings, _ failure: String) async throws {
    let isLocal = try await isLocal()
    if isLocal, case .bridge(let bridge) = settings.reach, !FileTree.isDirectory("/sys/class/net/\(bridge)/bridge") {
      throw NestorError(
        .notFound, failure, cause: "there is no bridge '\(bridge)'",
        hint: "see those there are: ip link show type bridge")
    }
    let prefixes = [settings.subnet, settings.ipv6].compactMap { $0 }
    guard !prefixes.isEmpty else { return }
    var uses: [AddressUse] = []
    for network in try await withContext(failure, { try await connection.networks() }) {
      // One that is deleted meanwhile clashes with nobody.
      guard let definition = try? await definition(of: network) else { continue }
      uses += definition.addresses.compactMap(\.range).map {
        AddressUse(prefix: $0, user: "\($0) of network '\(network.name)'")
      }
    }
    if isLocal { uses += AddressUse.current() }
    for prefix in prefixes {
      guard let clash = AddressUse.clash(of: prefix, with: uses) else { continue }
      throw NestorError(
        .exists, failure, cause: "\(prefix) overlaps \(clash.user)", hint: "choose other addresses: --subnet, --ipv6")
    }
  }

  private static func list(_ names: [String]) -> String {
    names.count == 1 ? "guest '\(names[0])' is" : "guests \(names.map { "'\($0)'" }.joined(separator: ", ")) are"
  }
}

extension NetworkAddress {
  /// The range that the bridge's address is in; nil where the XML has none that makes sense.
  var range: IPPrefix? {
    guard let address = IPAddress(address) else { return nil }
    if let prefix { return IPPrefix(address, length: prefix) }
    let mask = netmask.flatMap { IPAddress($0) }
    // What libvirt takes where neither is written, see virSocketAddrGetIPPrefix.
    let classful = address.isIPv6 ? 64 : address.bytes[0] < 128 ? 8 : address.bytes[0] < 192 ? 16 : 24
    return IPPrefix(address, length: mask.map { $0.bytes.reduce(0) { $0 + $1.nonzeroBitCount } } ?? classful)
  }
}
