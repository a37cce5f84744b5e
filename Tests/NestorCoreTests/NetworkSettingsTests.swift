import DomainXML
import NestorSupport
import Testing

@testable import NestorCore

@Suite("Networks as they are asked for")
struct NetworkSettingsTests {
  @Test("A network with everything becomes XML that libvirt's schema takes, with Nestor's mark in it")
  func everything() throws {
    let settings = try NetworkSettings(
      name: "lab", subnet: "10.20.30.0/24", ipv6: "fd00:20:30::/64", domain: "lab.test", mtu: 1400)
    let xml = try settings.definition.xml()
    #expect(try SchemaValidator(.network).problems(in: xml).isEmpty)
    let network = try NetworkDefinition(xml: xml)
    #expect(network == settings.definition)
    #expect(NetworkRecord(network.metadata) == settings.record)
    #expect(
      settings.record.settings == [
        "reach": "nat", "subnet": "10.20.30.0/24", "ipv6": "fd00:20:30::/64", "domain": "lab.test", "mtu": "1400",
      ])
    #expect(network.forward?.mode == .nat && network.forward?.translatesIPv6 == true)
    #expect(network.mtu == 1400 && network.domain == .init("lab.test", isLocalOnly: true))
    #expect(network.addresses.map(\.address) == ["10.20.30.1", "fd00:20:30::1"])
    #expect(network.addresses[0].dhcp?.ranges.map { "\($0.start)-\($0.end)" } == ["10.20.30.2-10.20.30.254"])
    #expect(network.addresses[1].dhcp == nil, "guests make up their own addresses of IPv6")
    #expect(network.addresses.map { $0.range?.description } == ["10.20.30.0/24", "fd00:20:30::/64"])
  }

  @Test("Each way to reach further becomes libvirt's word for it")
  func reaches() throws {
    func network(_ reach: NetworkSettings.Reach) throws -> NetworkDefinition {
      try NetworkSettings(name: "a", reach: reach, subnet: "10.0.0.0/30").definition
    }
    #expect(try network(.isolated).forward == nil)
    #expect(try network(.route).forward?.mode == .route)
    #expect(try network(.nat).forward == .init(.nat), "without IPv6 nothing is said of it")
    #expect(try network(.nat).addresses[0].dhcp?.ranges == [.init(start: "10.0.0.2", end: "10.0.0.2")])
    let bridge = try NetworkSettings(name: "a", reach: .bridge("br0"))
    #expect(bridge.definition.forward?.mode == .bridge && bridge.definition.bridge?.name == "br0")
    #expect(bridge.definition.addresses.isEmpty)
    #expect(try SchemaValidator(.network).problems(in: bridge.definition.xml()).isEmpty)
    let silent = try NetworkSettings(name: "a", subnet: "10.0.0.0/24", hasDHCP: false)
    #expect(silent.definition.addresses[0].dhcp == nil && silent.record.settings["dhcp"] == "no")
  }

  @Test("A wide segment's guests get addresses of its first part, since libvirt takes no longer range")
  func wide() throws {
    let network = try NetworkSettings(name: "wide", subnet: "10.0.0.0/8").definition
    #expect(network.addresses.first?.dhcp?.ranges == [.init(start: "10.0.0.2", end: "10.0.255.254")])
  }

  @Test(
    "What cannot be is refused, with the reason",
    arguments: [
      ("--net", "10.0.0.0/24", nil, nil, nil, "begins with '-'"), ("a b", "10.0.0.0/24", nil, nil, nil, "a space"),
      ("a", nil, nil, nil, nil, "needs addresses"), ("a", "10.0.0.0/31", nil, nil, nil, "8 to 30 bits"),
      ("a", "10.0.0.0/7", nil, nil, nil, "10.0.0.0/7"), ("a", "127.1.0.0/16", nil, nil, nil, "loopback"),
      ("a", "224.0.0.0/24", nil, nil, nil, "multicast"), ("a", "169.254.0.0/16", nil, nil, nil, "link-local"),
      ("a", "fd00::/64", nil, nil, nil, "--ipv6 takes it"), ("a", nil, "10.0.0.0/24", nil, nil, "--subnet takes it"),
      ("a", nil, "fd00::/48", nil, nil, "64 bits"), ("a", nil, "fe80::/64", nil, nil, "link-local"),
      ("a", "10.0.0.0/24", nil, "-x", nil, "no domain's name"),
      ("a", "10.0.0.0/24", nil, "a..b", nil, "no domain's name"),
      ("a", "10.0.0.0/24", nil, "", nil, "no domain's name"), ("a", "10.0.0.0/24", nil, nil, 67, "67 bytes"),
      ("a", "10.0.0.0/24", "fd00::/64", nil, 1279, "1279 bytes"), ("a", "10.0.0.0/24", nil, nil, 65_536, "65536 bytes"),
    ] as [(String, String?, String?, String?, Int?, String)])
  func refusals(_ name: String, _ subnet: String?, _ ipv6: String?, _ domain: String?, _ mtu: Int?, _ part: String) {
    #expect {
      try NetworkSettings(name: name, subnet: subnet, ipv6: ipv6, domain: domain, mtu: mtu)
    } throws: { error in
      [.invalidName, .invalidArgument].contains((error as? NestorError)?.code) && "\(error)".contains(part)
    }
  }

  @Test("A network over a bridge takes neither addresses nor anything else, and a bridge has the name of one")
  func bridges() {
    #expect { try NetworkSettings(name: "a", reach: .bridge("br0"), subnet: "10.0.0.0/24") } throws: {
      "\($0)".contains("of its own")
    }
    for name in ["", "..", "br 0", "a/b", "sixteen-letters-x"] {
      #expect(throws: NestorError.self) { try NetworkSettings(name: "a", reach: .bridge(name)) }
    }
  }
}
