import CLibvirt
import Glibc

/// A NIC of a guest with its addresses, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainInterfaceAddresses.
public struct InterfaceAddresses: Sendable, Equatable {
  /// Where libvirt looks for addresses, of `virDomainInterfaceAddressesSource`.
  public enum Source: UInt32, Sendable {
    /// The leases of libvirt's networks.
    case lease = 0
    /// The QEMU guest agent.
    case guestAgent = 1
    /// The host's ARP table.
    case arp = 2
  }

  /// An address.
  public struct Address: Sendable, Equatable {
    /// Whether it is of IPv6.
    public let isIPv6: Bool
    /// The address in its usual form.
    public let address: String
    /// The length of its network's prefix, in bits.
    public let prefix: UInt32
  }

  /// The NIC's name: the tap's on the host, or the guest's own by the guest agent.
  public let name: String
  /// Its MAC address.
  public let mac: String?
  /// Its addresses.
  public let addresses: [Address]
}

extension Domain {
  /// The NICs that have addresses, as the source knows them. The domain has to run.
  public func interfaceAddresses(_ source: InterfaceAddresses.Source) async throws -> [InterfaceAddresses] {
    try await call { domain in
      var list: UnsafeMutablePointer<virDomainInterfacePtr?>?
      let count = try Calls.check(
        "virDomainInterfaceAddresses", virDomainInterfaceAddresses(domain, &list, source.rawValue, 0))
      guard let list else { return [] }
      defer {
        for index in 0..<Int(count) { virDomainInterfaceFree(list[index]) }
        free(list)
      }
      return (0..<Int(count)).compactMap { index in
        guard let interface = list[index]?.pointee, let name = interface.name else { return nil }
        let addresses = (0..<Int(interface.naddrs)).compactMap { number -> InterfaceAddresses.Address? in
          guard let entry = interface.addrs?[number], let text = entry.addr else { return nil }
          return InterfaceAddresses.Address(
            isIPv6: entry.type == Int32(VIR_IP_ADDR_TYPE_IPV6.rawValue), address: String(cString: text),
            prefix: entry.prefix)
        }
        return InterfaceAddresses(
          name: String(cString: name), mac: interface.hwaddr.map { String(cString: $0) }, addresses: addresses)
      }
    }
  }
}
