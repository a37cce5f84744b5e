import DomainXML
import Libvirt
import NestorSupport

extension Hypervisor {
  /// Has the addresses that are kept for these NICs of a guest go by another name of it.
  func renameReservations(of nics: [NetworkInterface], from old: String, to new: String) async throws {
    guard old != new else { return }
    let own = Set(nics.compactMap { $0.mac?.lowercased() })
    for name in Set(nics.compactMap(\.networkName)) {
      // A network that is gone took its reservations along.
      guard let network = try? await connection.network(named: name) else { continue }
      try await modifyReservations(of: network) { host, all in
        guard host["name"] == old, let mac = host["mac"]?.lowercased(), own.contains(mac) else { return false }
        let isFree = !all.contains { $0["name"] == new }
        host["name"] = Self.isReservable(name: new) && isFree ? new : nil
        return true
      }
    }
  }

  /// Has the addresses that are kept for NICs of a guest be kept for others, which it has instead; where an address is
  /// leased to an old one still, so that no server would give it out, another address.
  func renewReservations(
    of guest: String, _ nics: [NetworkInterface], _ addresses: [(old: String, new: String)]
  ) async throws {
    let new = Dictionary(addresses.map { ($0.old, $0.new) }) { first, _ in first }
    for name in Set(nics.compactMap(\.networkName)) {
      // A network that is gone took its reservations along.
      guard let network = try? await connection.network(named: name) else { continue }
      try await modifyReservations(of: network) { host, _ in
        guard let mac = host["mac"]?.lowercased(), let successor = new[mac] else { return false }
        host["mac"] = successor
        return true
      }
      guard try await network.isActive() else { continue }
      // Two that choose at once would choose the same, and libvirt lets one take the other's place.
      try await withNetworkLock(name, to: "change addresses on") {
        for mac in new.values { try await leaveLeasedAddress(of: mac, on: network, guest: guest) }
      }
    }
  }

  /// Keeps another address for a NIC where the one that is kept for it is leased to another NIC.
  private func leaveLeasedAddress(of mac: String, on network: Network, guest: String) async throws {
    let leases = try await network.leases()
    guard let choice = try await addressChoice(on: network), let kept = choice.reservation(of: mac)?.address,
      leases.contains(where: { $0.address == kept && $0.mac?.lowercased() != mac }),
      let free = choice.choose(preferred: nil, seed: guest, leased: Set(leases.compactMap { IPAddress($0.address) }))
    else { return }
    try await modifyReservations(of: network) { host, _ in
      guard host["mac"]?.lowercased() == mac else { return false }
      host["ip"] = "\(free)"
      return true
    }
  }

  /// Changes the reservations of a network that `change` does, which is told of all there are.
  private func modifyReservations(
    of network: Network, _ change: (_ host: inout XMLTree, _ all: [XMLTree]) -> Bool
  ) async throws {
    try await forReservations(of: network) { host, all, part in
      var host = host
      guard change(&host, all) else { return }
      try await network.update(.modify, .dhcpHost, xml: try host.serialized(), scope: part)
    }
  }

  /// Runs `body` for each reservation of a network, beside all there are: of those that hold now, and of those that it
  /// starts with next, since somebody may have changed one of the two.
  func forReservations(
    of network: Network, _ body: (_ host: XMLTree, _ all: [XMLTree], _ part: ModificationScope) async throws -> Void
  ) async throws {
    let scope = try await scope(of: network)
    for part in [ModificationScope.live, .config] where scope.contains(part) {
      let tree = try XMLTree(parsing: try await network.xml(inactive: part == .config))
      let hosts = tree.elements.flatMap(\.elements).flatMap(\.elements).filter { $0.name == "host" }
      for host in hosts { try await body(host, hosts, part) }
    }
  }
}
