import Foundation
import Libvirt
import Testing

@Suite("A connection to the test driver")
struct ConnectionBasicsTests {
  @Test("says where it leads and what is there")
  func identity() async throws {
    let connection = try await Connection.open("test:///default")
    #expect(try await connection.uri() == "test:///default")
    #expect(try await connection.driverName().lowercased() == "test")
    #expect(try await connection.isAlive())
    #expect(try await connection.libvirtVersion() >= Version(7, 0))
    #expect(try await connection.hypervisorVersion() == Version(0, 0, 2))
    #expect(try await connection.hostname() == ProcessInfo.processInfo.hostName)
    #expect(try await connection.capabilities().contains("<capabilities>"))
  }

  @Test("finds a domain by name and by UUID, and lists it under the right filters")
  func lookups() async throws {
    let node = try await TestNode()
    #expect(try await node.connection.domains().isEmpty)
    let running = try await node.define("running")
    try await running.start()
    let idle = try await node.define("idle")
    let fleeting = try await node.connection.createDomain(xml: TestNode.domain("fleeting"))

    let byName = try await node.connection.domain(named: "idle")
    #expect(byName.uuid == idle.uuid)
    let byUUID = try await node.connection.domain(uuid: running.uuid.uppercased())
    #expect(byUUID.name == "running")
    #expect(UUID(uuidString: running.uuid)?.uuidString.lowercased() == running.uuid)

    func names(_ filter: DomainFilter) async throws -> Set<String> {
      Set(try await node.connection.domains(filter).map(\.name))
    }
    #expect(try await names([]) == ["running", "idle", "fleeting"])
    #expect(try await names(.active) == ["running", "fleeting"])
    #expect(try await names(.inactive) == ["idle"])
    #expect(try await names(.transient) == ["fleeting"])
    #expect(try await names([.active, .persistent]) == ["running"])
    #expect(try await fleeting.isPersistent() == false)
    try await fleeting.destroy()
    #expect(try await names([]) == ["running", "idle"])
  }

  @Test("to a private node shares nothing with another, to the default node everything")
  func nodes() async throws {
    let one = try await TestNode()
    let other = try await TestNode()
    let domain = try await one.define("only-here")
    #expect(domain.name == "only-here")
    #expect(try await other.connection.domains().isEmpty)

    let first = try await Connection.open("test:///default")
    let second = try await Connection.open("test:///default")
    let name = "shared-\(UUID().uuidString)"
    let shared = try await first.defineDomain(xml: TestNode.domain(name))
    #expect(try await second.domain(named: name).uuid == shared.uuid)
    try await shared.undefine()
  }

  @Test("stays open for an object that outlives it")
  func outlived() async throws {
    var node: TestNode? = try await TestNode()
    weak let connection = node?.connection
    var domain = try await node?.define("survivor")
    node = nil
    #expect(connection != nil)
    try await #require(domain).start()
    #expect(try await domain?.isActive() == true)
    let sibling = try await domain?.connection.domain(named: "survivor")
    #expect(sibling?.uuid == domain?.uuid)
    domain = nil
    // `sibling` is the last that knows the connection.
    withExtendedLifetime(sibling) { #expect(connection != nil) }
  }

  @Test("that is read-only refuses to change anything")
  func readOnly() async throws {
    let connection = try await Connection.open("test:///default", readOnly: true)
    let error = await #expect(throws: LibvirtError.self) {
      try await connection.defineDomain(xml: TestNode.domain("forbidden"))
    }
    #expect(error?.code == .operationDenied)
    #expect(try await connection.domain(named: "test").isActive())
  }

  @Test("gives statistics of all domains in one call")
  func statistics() async throws {
    let node = try await TestNode()
    let running = try await node.define("running")
    try await running.start()
    _ = try await node.define("idle")
    let statistics = try await node.connection.domainStatistics(.state)
    let states = Dictionary(uniqueKeysWithValues: statistics.map { ($0.domain.name, $0.state?.status) })
    #expect(states == ["running": .running, "idle": .shutoff])
  }
}
