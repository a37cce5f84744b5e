import DomainXML
import NestorSupport

/// Chooses the address that a network keeps for a guest's NIC.
struct AddressChoice: Sendable, Equatable {
  /// First and last address of each range that DHCP gives out.
  let ranges: [(first: IPAddress, last: IPAddress)]
  /// The MAC address, name and address of each reservation.
  let reservations: [NetworkAddress.Reservation]
  /// The bridge's own address, which is nobody else's.
  let gateway: IPAddress?
  /// The addresses of the segment, with those that stand for it as a whole.
  let subnet: IPPrefix?

  /// What a network's DHCP server of IPv4 has to give; nil where it has none.
  init?(_ network: NetworkDefinition) {
    guard let address = network.addresses.first(where: { $0.family != "ipv6" && $0.dhcp != nil }),
      let dhcp = address.dhcp
    else { return nil }
    ranges = dhcp.ranges.compactMap { range in
      guard let first = IPAddress(range.start), let last = IPAddress(range.end) else { return nil }
      return (first, last)
    }
    reservations = dhcp.reservations
    gateway = IPAddress(address.address)
    subnet = address.range
  }

  static func == (left: Self, right: Self) -> Bool {
    left.reservations == right.reservations && left.gateway == right.gateway
      && left.ranges.elementsEqual(right.ranges) { $0 == $1 }
  }

  func reservation(of mac: String) -> NetworkAddress.Reservation? {
    reservations.first { $0.mac?.lowercased() == mac.lowercased() }
  }

  /// Whether a name is kept for another MAC address.
  func isTaken(name: String) -> Bool { reservations.contains { $0.name == name } }

  /// A free address: the preferred one, or else the first free one from a place that follows from `seed`, so that a guest
  /// of the same name has the same address again where it can. Nil where none is free.
  ///
  /// `leased` are addresses that others have at the moment.
  func choose(preferred: IPAddress?, seed: String, leased: Set<IPAddress>) -> IPAddress? {
    var taken = leased.union(reservations.compactMap { IPAddress($0.address) })
    if let gateway { taken.insert(gateway) }
    if let preferred, !taken.contains(preferred), ranges.contains(where: { Self.contains($0, preferred) }) {
      return preferred
    }
    let sizes = ranges.map { range in range.first.distance(to: range.last).map { $0 + 1 } ?? 0 }
    let total = sizes.reduce(0, +)
    guard total > 0 else { return nil }
    let start = StateDirectory.stableHash(seed) % total
    // One of so many in a row is free, or none at all is.
    for step in 0..<min(total, UInt64(taken.count) + 1) {
      var offset = (start + step) % total
      for (range, size) in zip(ranges, sizes) {
        guard offset >= size else {
          if let address = range.first.advanced(by: offset), !taken.contains(address) { return address }
          break
        }
        offset -= size
      }
    }
    return nil
  }

  private static func contains(_ range: (first: IPAddress, last: IPAddress), _ address: IPAddress) -> Bool {
    range.first.distance(to: address) != nil && address.distance(to: range.last) != nil
  }
}
