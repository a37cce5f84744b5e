import DomainXML
import NestorSupport
import Templates

/// A network as a user asks for it.
package struct NetworkSettings: Sendable, Equatable {
  /// How a network reaches further than its own guests.
  package enum Reach: Sendable, Equatable {
    /// By address translation, as one machine of the container's.
    case nat
    /// Not at all: its guests reach each other and the container.
    case isolated
    /// By routing with its own addresses; the machines beyond need a route back.
    case route
    /// Over a bridge of the container that is there already and has what else is needed.
    case bridge(String)

    package var word: String {
      switch self {
      case .nat: "nat"
      case .isolated: "isolated"
      case .route: "route"
      case .bridge: "bridge"
      }
    }
  }

  /// The name, checked as those of guests are.
  package let name: String
  /// How it reaches further.
  package let reach: Reach
  /// Its addresses of IPv4; nil on a bridge, or for a network of IPv6 alone.
  package let subnet: IPPrefix?
  /// Its addresses of IPv6.
  package let ipv6: IPPrefix?
  /// The domain of its guests' names.
  package let domain: String?
  /// The largest packet in bytes.
  package let mtu: Int?
  /// Whether guests get addresses of IPv4 by DHCP.
  package let hasDHCP: Bool

  /// Checks what a user asks for.
  ///
  /// Throws a ``NestorError`` with code `invalidName` or `invalidArgument` that says what cannot be.
  package init(
    name: String, reach: Reach = .nat, subnet: String? = nil, ipv6: String? = nil, domain: String? = nil,
    mtu: Int? = nil, hasDHCP: Bool = true
  ) throws {
    self.name = try Self.checked(name)
    self.reach = reach
    self.subnet = try subnet.map { try IPPrefix(parsing: $0) }
    self.ipv6 = try ipv6.map { try IPPrefix(parsing: $0) }
    self.domain = domain
    self.mtu = mtu
    self.hasDHCP = hasDHCP
    try check()
  }

  /// The name, if a network can have it.
  static func checked(_ name: String) throws -> String {
    do {
      return try GuestName(name).text
    } catch {
      throw NestorError(
        .invalidName, "a network cannot be called '\(name)'", cause: error.message, hint: error.hint)
    }
  }

  private func check() throws {
    func refuse(_ message: String, _ cause: String? = nil, hint: String? = nil) -> NestorError {
      NestorError(.invalidArgument, message, cause: cause, hint: hint)
    }
    if case .bridge(let bridge) = reach {
      guard Self.isInterfaceName(bridge) else { throw refuse("'\(bridge)' is no name of a bridge") }
      guard subnet == nil, ipv6 == nil, domain == nil, mtu == nil, hasDHCP else {
        throw refuse(
          "a network over a bridge has no addresses, domain, MTU or DHCP of its own",
          hint: "what else is on the bridge '\(bridge)' has them: leave the other options out")
      }
      return
    }
    guard subnet != nil || ipv6 != nil else {
      throw refuse("the network needs addresses", hint: "for example: --subnet 10.20.30.0/24")
    }
    if let subnet { try check(ipv4: subnet) }
    if let ipv6 {
      guard ipv6.isIPv6 else { throw refuse("'\(ipv6)' is of IPv4", hint: "--subnet takes it") }
      // Guests make up their own addresses by router advertisements, which takes half of the bits, see RFC 4862.
      guard ipv6.length == 64 else {
        throw refuse(
          "'\(ipv6)' is no segment of IPv6", "its prefix has to have 64 bits", hint: "such as fd00:20:30::/64")
      }
      guard ipv6.first.bytes[0] != 0xff, !(ipv6.first.bytes[0] == 0xfe && ipv6.first.bytes[1] & 0xc0 == 0x80) else {
        throw refuse("guests cannot have addresses of '\(ipv6)'", "they are link-local or multicast")
      }
    }
    if let domain, !Self.isDomain(domain) {
      throw refuse(
        "'\(domain)' is no domain's name", hint: "letters, digits and hyphens between dots, such as lab.test")
    }
    if let mtu, !(ipv6 == nil ? 68...65535 : 1280...65535).contains(mtu) {
      throw refuse("no packet can have \(mtu) bytes at most", hint: "68 to 65535; with IPv6 at least 1280")
    }
  }

  private func check(ipv4 subnet: IPPrefix) throws {
    guard !subnet.isIPv6 else {
      throw NestorError(.invalidArgument, "'\(subnet)' is of IPv6", hint: "--ipv6 takes it")
    }
    guard (8...30).contains(subnet.length) else {
      throw NestorError(
        .invalidArgument, "'\(subnet)' is no segment", cause: "its prefix has to have 8 to 30 bits",
        hint: "such as 10.20.30.0/24")
    }
    let first = subnet.first.bytes[0]
    guard first != 0, first != 127, first < 224, !(first == 169 && subnet.first.bytes[1] == 254) else {
      throw NestorError(
        .invalidArgument, "guests cannot have addresses of '\(subnet)'",
        cause: "they are loopback, link-local, multicast or reserved", hint: "such as 10.20.30.0/24")
    }
  }

  private static func isInterfaceName(_ text: String) -> Bool {
    (1...15).contains(text.utf8.count) && text.utf8.first.map(isLetterOrDigit) ?? false
      && text.utf8.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
  }

  private static func isDomain(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    return text.utf8.count <= 200
      && labels.allSatisfy { label in
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
          && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
      }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

extension NetworkSettings {
  /// What is asked for, as Nestor's mark keeps it.
  var record: NetworkRecord {
    var settings = ["reach": reach.word]
    if case .bridge(let name) = reach { settings["bridge"] = name }
    settings["subnet"] = subnet.map { "\($0)" }
    settings["ipv6"] = ipv6.map { "\($0)" }
    settings["domain"] = domain
    settings["mtu"] = mtu.map { "\($0)" }
    if !hasDHCP { settings["dhcp"] = "no" }
    return NetworkRecord(settings: settings)
  }

  /// The network as libvirt takes it.
  ///
  /// The container has the first address of each range, and DHCP gives out the others. Of IPv6 guests make up their own.
  var definition: NetworkDefinition {
    var network = NetworkDefinition(name: name, metadata: DomainMetadata([record.tree()]))
    switch reach {
    case .nat:
      network.forward = .init(.nat)
      if ipv6 != nil { network.forward?.translatesIPv6 = true }
    case .route: network.forward = .init(.route)
    case .isolated: break
    case .bridge(let name):
      network.forward = .init(.bridge)
      network.bridge = .init(name: name)
      return network
    }
    network.mtu = mtu
    // Questions about the guests' own domain and names are nobody else's to answer.
    network.domain = domain.map { .init($0, isLocalOnly: true) }
    network.dns = .init(forwardsPlainNames: false)
    if let subnet, let gateway = subnet.address(1) {
      var address = NetworkAddress("\(gateway)", prefix: subnet.length)
      if hasDHCP, let first = subnet.address(2), let last = subnet.last.flatMap({ subnet.first.distance(to: $0) }),
        // libvirt takes no longer range.
        let end = subnet.address(min(last - 1, 0xfffe))
      {
        address.dhcp = .init(ranges: [.init(start: "\(first)", end: "\(end)")])
      }
      network.addresses.append(address)
    }
    if let ipv6, let gateway = ipv6.address(1) {
      network.addresses.append(NetworkAddress("\(gateway)", prefix: ipv6.length))
    }
    return network
  }
}
