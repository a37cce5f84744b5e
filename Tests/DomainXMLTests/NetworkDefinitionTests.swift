import DomainXML
import Testing

@Suite("A network's definition")
struct NetworkDefinitionTests {
  @Test("is written to the byte and fits the schema")
  func bytes() throws {
    var network = NetworkDefinition(
      name: "lab", uuid: "1f0b9b0e-6a70-4c59-9f22-7f7c5a0d1c11", forward: .init(.nat, device: "eth0"),
      bridge: .init(name: "nbr0", stp: true, delay: 0), mtu: 1400, mac: "52:54:00:11:22:33",
      domain: .init("lab.example", isLocalOnly: true),
      dns: .init(forwardsPlainNames: false, hosts: [.init("10.7.0.1", names: ["gateway", "gw"])]),
      addresses: [
        NetworkAddress(
          "10.7.0.1", prefix: 24,
          dhcp: .init(
            ranges: [.init(start: "10.7.0.100", end: "10.7.0.200")],
            reservations: [.init(mac: "52:54:00:aa:bb:cc", name: "one", address: "10.7.0.10")])),
        NetworkAddress("fd00:7::1", prefix: 64),
      ], isolatesPorts: true)
    network.metadata["urn:nestor"] = XMLTree("n:x", namespaces: [.init(prefix: "n", uri: "urn:nestor")])
    let xml = try network.xml()
    #expect(
      xml == """
        <network>
          <name>lab</name>
          <uuid>1f0b9b0e-6a70-4c59-9f22-7f7c5a0d1c11</uuid>
          <metadata>
            <n:x xmlns:n="urn:nestor"/>
          </metadata>
          <forward dev="eth0" mode="nat"/>
          <bridge name="nbr0" stp="on" delay="0"/>
          <mtu size="1400"/>
          <mac address="52:54:00:11:22:33"/>
          <domain name="lab.example" localOnly="yes"/>
          <dns forwardPlainNames="no">
            <host ip="10.7.0.1">
              <hostname>gateway</hostname>
              <hostname>gw</hostname>
            </host>
          </dns>
          <ip address="10.7.0.1" prefix="24">
            <dhcp>
              <range start="10.7.0.100" end="10.7.0.200"/>
              <host mac="52:54:00:aa:bb:cc" name="one" ip="10.7.0.10"/>
            </dhcp>
          </ip>
          <ip family="ipv6" address="fd00:7::1" prefix="64"/>
          <port isolated="yes"/>
        </network>

        """)
    #expect(try NetworkDefinition(xml: xml) == network)
    #expect(try SchemaValidator(.network).problems(in: xml) == [])
  }

  @Test("of guests alone, or on a bridge that is there, fits the schema")
  func kinds() throws {
    let isolated = NetworkDefinition(name: "alone", addresses: [NetworkAddress("10.9.0.1", netmask: "255.255.255.0")])
    let bridged = NetworkDefinition(name: "out", forward: .init(.bridge), bridge: .init(name: "br0"))
    let routed = NetworkDefinition(
      name: "r", forward: .init(.route), addresses: [NetworkAddress("10.9.1.1", prefix: 24)])
    let open = NetworkDefinition(name: "o", forward: .init(.open), addresses: [NetworkAddress("10.9.2.1", prefix: 24)])
    let validator = try SchemaValidator(.network)
    for network in [isolated, bridged, routed, open] {
      let xml = try network.xml()
      #expect(try validator.problems(in: xml) == [])
      #expect(try NetworkDefinition(xml: xml) == network)
    }
  }

  @Test("loses nothing that it does not know")
  func unknown() throws {
    let network = try NetworkDefinition(xml: Samples.text("network"))
    #expect(network.forward?.mode == .nat)
    #expect(network.addresses[0].dhcp?.ranges == network.addresses[0].dhcp?.ranges)
    #expect(network.addresses[1].dhcp?.reservations.first?.id == "0:3:0:1:0:16:3e:11:22:33")
    #expect(network.dns?.hosts.first?.names == ["gateway", "gw"])
    let xml = try network.xml()
    for part in [
      "<nat>", "<lease expiry=\"1\"", "<txt name", "<forwarder", "<portgroup", "<dnsmasq:option value", "<route ",
      "zone=\"public\"", "macTableManager", "<tftp", "<bootp", "connections=\"2\"", "localPtr", "<interface dev",
    ] {
      #expect(xml.contains(part), "\(part)")
    }
    #expect(try NetworkDefinition(xml: xml) == network)
    #expect(try NetworkDefinition(xml: xml).xml() == xml)
    #expect(try SchemaValidator(.network).problems(in: xml) == [])
  }

  @Test("is libvirt's own default network, where that is installed", .enabled(if: defaultNetwork != nil))
  func installed() throws {
    let text = try #require(defaultNetwork)
    let network = try NetworkDefinition(xml: text)
    #expect(network.name == "default")
    #expect(network.forward != nil)
    #expect(network.addresses.first?.dhcp?.ranges.isEmpty == false)
    #expect(try XMLDifference(old: text, new: network.xml()).lines.filter { $0.kind == .removed }.count <= 2)
  }
}

private let defaultNetwork = Samples.contents(of: "/etc/libvirt/qemu/networks/default.xml")
