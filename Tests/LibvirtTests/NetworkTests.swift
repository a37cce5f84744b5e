import Libvirt
import Testing

@Suite("Network, by the test driver")
struct NetworkTests {
  let second = "<network><name>second</name><uuid>4a6b6c2e-7f53-4e3b-8a49-1d8f9e3ab001</uuid></network>"

  @Test("a network is found by name and UUID, and listed")
  func lookup() async throws {
    let connection = try await TestHost.open()
    let network = try await connection.network(named: "segment")
    #expect(network.name == "segment")
    #expect(network.uuid == "dd8fe884-6c02-601e-7551-cca97df1c5df")
    #expect(try await connection.network(uuid: network.uuid).name == "segment")
    #expect(try await connection.networks().map(\.name) == ["segment"])
  }

  @Test("a name that is not there is an error with its own code")
  func missing() async throws {
    let connection = try await TestHost.open()
    let error = await #expect(throws: LibvirtError.self) { try await connection.network(named: "nowhere") }
    #expect(error?.code == .noNetwork)
    #expect(error?.domain == .test || error?.domain == .network)
    #expect(error?.call == "virNetworkLookupByName")
  }

  @Test("a defined network stays when it is stopped, and goes when it is undefined")
  func definition() async throws {
    let connection = try await TestHost.open()
    let network = try await connection.defineNetwork(xml: second, validate: true)
    #expect(try await network.isPersistent())
    #expect(try await network.isActive() == false)
    try await network.start()
    #expect(try await network.isActive())
    #expect(try await connection.networks(.active).map(\.name).sorted() == ["second", "segment"])
    try await network.destroy()
    #expect(try await connection.networks(.inactive).map(\.name) == ["second"])
    try await network.undefine()
    #expect(try await connection.networks().map(\.name) == ["segment"])
  }

  @Test("a created network is gone when it is stopped")
  func transient() async throws {
    let connection = try await TestHost.open()
    let network = try await connection.createNetwork(xml: second)
    #expect(try await network.isActive())
    #expect(try await network.isPersistent() == false)
    #expect(try await connection.networks(.transient).map(\.name) == ["second"])
    try await network.destroy()
    #expect(try await connection.networks().map(\.name) == ["segment"])
  }

  @Test("XML that breaks the schema is refused when it is checked, and only then")
  func validation() async throws {
    let connection = try await TestHost.open()
    let odd = "<network><name>odd</name><surprise/></network>"
    let error = await #expect(throws: LibvirtError.self) {
      try await connection.defineNetwork(xml: odd, validate: true)
    }
    #expect(error?.code == .xmlInvalidSchema)
    #expect(try await connection.defineNetwork(xml: odd).name == "odd")
  }

  @Test("autostart is off until it is set")
  func autostart() async throws {
    let network = try await TestHost.open().defineNetwork(xml: second)
    #expect(try await network.autostart() == false)
    try await network.setAutostart(true)
    #expect(try await network.autostart())
    #expect(try await network.connection.networks(.autostart).map(\.name) == ["second"])
  }

  @Test("a bridge and the XML are told")
  func properties() async throws {
    let network = try await TestHost.open().network(named: "segment")
    #expect(try await network.xml().contains("192.168.122.1"))
    let named = "<network><name>named</name><bridge name='nbr7'/></network>"
    #expect(try await network.connection.defineNetwork(xml: named).bridgeName() == "nbr7")
  }

  @Test("a reserved address is added and taken away while the network runs")
  func update() async throws {
    let network = try await TestHost.open().network(named: "segment")
    let host = "<host mac='52:54:00:00:00:07' name='seven' ip='192.168.122.7'/>"
    try await network.update(.addLast, .dhcpHost, xml: host)
    #expect(try await network.xml().contains("192.168.122.7"))
    let moved = "<host mac='52:54:00:00:00:07' name='seven' ip='192.168.122.8'/>"
    try await network.update(.modify, .dhcpHost, xml: moved)
    #expect(try await network.xml().contains("192.168.122.8"))
    try await network.update(.delete, .dhcpHost, xml: moved)
    #expect(try await network.xml().contains("192.168.122.8") == false)
  }

  @Test("every section of an update reaches the element that it names")
  func updateSections() async throws {
    let network = try await TestHost.open().network(named: "segment")
    let additions: [(NetworkUpdateSection, String, String)] = [
      (.dhcpRange, "<range start='192.168.122.20' end='192.168.122.30'/>", "192.168.122.20"),
      (.portGroup, "<portgroup name='engineering'/>", "engineering"),
      (.dnsHost, "<host ip='192.168.122.9'><hostname>nine</hostname></host>", "<hostname>nine"),
      (.dnsText, "<txt name='example' value='text-value'/>", "text-value"),
      (.dnsService, "<srv service='ldap' protocol='tcp' target='ldap.example' port='389'/>", "ldap.example"),
    ]
    for (section, xml, trace) in additions {
      try await network.update(.addFirst, section, xml: xml)
      #expect(try await network.xml().contains(trace), "\(section)")
    }
  }

  @Test("the test driver has no leases and says so")
  func leases() async throws {
    let network = try await TestHost.open().network(named: "segment")
    let error = await #expect(throws: LibvirtError.self) { try await network.leases() }
    #expect(error?.code == .noSupport)
  }

  @Test("the steps of a network's life are told in their order")
  func events() async throws {
    let connection = try await TestHost.open()
    let events = try await connection.networkEvents()
    let network = try await connection.defineNetwork(xml: second)
    try await network.start()
    try await network.destroy()
    try await network.undefine()
    var kinds: [NetworkEvent.Kind] = []
    for try await event in events {
      #expect(event.network.uuid == network.uuid)
      kinds.append(event.kind)
      if kinds.count == 4 { break }
    }
    #expect(kinds == [.defined, .started, .stopped, .undefined])
  }

  @Test("events of one network leave out those of another")
  func eventsOfOne() async throws {
    let connection = try await TestHost.open()
    let network = try await connection.defineNetwork(xml: second)
    let events = try await connection.networkEvents(network: network)
    try await connection.network(named: "segment").destroy()
    try await network.start()
    var iterator = events.makeAsyncIterator()
    let event = try #require(try await iterator.next())
    #expect(event.network.name == "second")
    #expect(event.kind == .started)
  }

  @Test("a cancelled reader of events gets the end of the sequence")
  func cancellation() async throws {
    let events = try await TestHost.open().networkEvents()
    let reader = Task {
      var count = 0
      for try await _ in events { count += 1 }
      return count
    }
    reader.cancel()
    #expect(try await reader.value == 0)
  }
}
