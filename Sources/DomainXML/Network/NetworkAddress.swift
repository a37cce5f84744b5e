/// An address of a network's bridge and the DHCP service on it (https://libvirt.org/formatnetwork.html#addressing).
public struct NetworkAddress: Sendable, Equatable {
  /// The first and last of the addresses that DHCP gives out.
  public struct Range: Sendable, Equatable {
    /// The first address.
    public var start: String
    /// The last address.
    public var end: String
    /// What was read and is not known here, a lease time for example.
    public var unknown = UnknownXML()

    /// Makes a range.
    public init(start: String, end: String) {
      self.start = start
      self.end = end
    }
  }

  /// An address kept for one guest.
  public struct Reservation: Sendable, Equatable {
    /// The guest's hardware address; IPv4 only.
    public var mac: String?
    /// The guest's DHCP identifier; IPv6 only.
    public var id: String?
    /// The name that goes with it.
    public var name: String?
    /// The address.
    public var address: String
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes a reservation.
    public init(mac: String? = nil, id: String? = nil, name: String? = nil, address: String) {
      self.mac = mac
      self.id = id
      self.name = name
      self.address = address
    }
  }

  /// What DHCP serves.
  public struct DHCP: Sendable, Equatable {
    /// Ranges of addresses.
    public var ranges: [Range]
    /// Reservations.
    public var reservations: [Reservation]
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes a service.
    public init(ranges: [Range] = [], reservations: [Reservation] = []) {
      self.ranges = ranges
      self.reservations = reservations
    }
  }

  /// `ipv4` or `ipv6`; nil for libvirt's default, IPv4.
  public var family: String?
  /// The address of the bridge.
  public var address: String
  /// The length of the network's prefix in bits.
  public var prefix: Int?
  /// The network's mask, IPv4's older way to say ``prefix``.
  public var netmask: String?
  /// What DHCP serves; nil for none.
  public var dhcp: DHCP?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes an address; the family is IPv6 when it holds a colon.
  public init(_ address: String, prefix: Int? = nil, netmask: String? = nil, dhcp: DHCP? = nil) {
    family = address.utf8.contains(UInt8(ascii: ":")) ? "ipv6" : nil
    self.address = address
    self.prefix = prefix
    self.netmask = netmask
    self.dhcp = dhcp
  }
}

extension NetworkAddress {
  init(_ reader: inout XMLReader) throws(DomainXMLError) {
    guard let address = reader.attribute("address") else { throw reader.missing("an address") }
    self.init(address)
    family = reader.attribute("family")
    prefix = try reader.integer("prefix")
    netmask = reader.attribute("netmask")
    dhcp = try reader.value("dhcp") { reader throws(DomainXMLError) in
      var dhcp = DHCP()
      dhcp.ranges = try reader.values("range") { reader throws(DomainXMLError) in
        guard let start = reader.attribute("start"), let end = reader.attribute("end") else {
          throw reader.missing("a start and an end")
        }
        var range = Range(start: start, end: end)
        range.unknown = reader.unknown
        return range
      }
      dhcp.reservations = try reader.values("host", where: { $0["ip"] != nil }) { reader in
        var host = Reservation(address: reader.attribute("ip") ?? "")
        host.mac = reader.attribute("mac")
        host.id = reader.attribute("id")
        host.name = reader.attribute("name")
        host.unknown = reader.unknown
        return host
      }
      dhcp.unknown = reader.unknown
      return dhcp
    }
    unknown = reader.unknown
  }

  var element: XMLTree {
    var tree = XMLTree("ip")
    tree.put("family", family)
    tree.put("address", address)
    tree.put("prefix", prefix)
    tree.put("netmask", netmask)
    if let dhcp {
      tree.add("dhcp") { tree in
        for range in dhcp.ranges {
          tree.add("range") { tree in
            tree.put("start", range.start)
            tree.put("end", range.end)
            range.unknown.merge(into: &tree)
          }
        }
        for host in dhcp.reservations {
          tree.add("host") { tree in
            tree.put("mac", host.mac)
            tree.put("id", host.id)
            tree.put("name", host.name)
            tree.put("ip", host.address)
            host.unknown.merge(into: &tree)
          }
        }
        dhcp.unknown.merge(into: &tree)
      }
    }
    unknown.merge(into: &tree)
    return tree
  }
}
