import Libvirt
import Testing

@Suite("A domain's life")
struct DomainLifecycleTests {
  @Test("is defined, started, suspended, resumed, shut down and undefined")
  func life() async throws {
    let node = try await TestNode()
    let domain = try await node.define()
    #expect(try await domain.state().status == .shutoff)
    #expect(try await domain.id() == nil)
    #expect(try await domain.isPersistent())
    try await domain.start()
    #expect(try await domain.state().status == .running)
    #expect(try await domain.id() != nil)
    try await domain.suspend()
    #expect(try await domain.state().status == .paused)
    try await domain.resume()
    #expect(try await domain.state().status == .running)
    try await domain.reboot()
    #expect(try await domain.state().status == .running)
    try await domain.shutdown()
    #expect(try await domain.state().status == .shutoff)
    try await domain.start()
    #expect(try await domain.isActive())
    try await domain.destroy()
    #expect(try await domain.isActive() == false)
    try await domain.undefine()
    let error = await #expect(throws: LibvirtError.self) { try await node.connection.domain(named: "guest") }
    #expect(error?.code == .noDomain)
  }

  @Test("tells memory in bytes, and its CPUs")
  func info() async throws {
    let domain = try await TestNode().define()
    try await domain.start()
    let info = try await domain.info()
    #expect(info.status == .running)
    #expect(info.maximumMemory == 64 << 20)
    #expect(info.memory == 64 << 20)
    #expect(info.cpus == 2)
  }

  @Test("gives the XML that it was defined with, and that of its next start")
  func xml() async throws {
    let domain = try await TestNode().define("described")
    try await domain.start()
    let live = try await domain.xml()
    let next = try await domain.xml(.inactive)
    #expect(live.contains("<name>described</name>") && live.contains(domain.uuid))
    #expect(live.contains("<domain type='test' id='"))
    #expect(next.contains("<domain type='test'>"))
  }

  @Test("starts by itself only while it is told to")
  func autostart() async throws {
    let domain = try await TestNode().define()
    #expect(try await domain.autostart() == false)
    try await domain.setAutostart(true)
    #expect(try await domain.autostart())
    try await domain.setAutostart(false)
    #expect(try await domain.autostart() == false)
  }

  @Test("keeps metadata of several owners apart, in its XML and by namespace")
  func metadata() async throws {
    let domain = try await TestNode().define()
    #expect(try await domain.metadata(namespace: "urn:one") == nil)
    try await domain.setMetadata("<mark kind='a &amp; b'/>", prefix: "one", namespace: "urn:one")
    try await domain.setMetadata("<mark>ü</mark>", prefix: "two", namespace: "urn:two")
    #expect(try await domain.metadata(namespace: "urn:one") == "<mark kind=\"a &amp; b\"/>")
    #expect(try await domain.metadata(namespace: "urn:two") == "<mark>ü</mark>")
    #expect(try await domain.xml().contains("xmlns:one=\"urn:one\""))
    try await domain.setMetadata(nil, prefix: "one", namespace: "urn:one")
    #expect(try await domain.metadata(namespace: "urn:one") == nil)
    #expect(try await domain.metadata(namespace: "urn:two") == "<mark>ü</mark>")
    // A domain that is off has no live metadata: nothing is not the same as an error.
    let error = await #expect(throws: LibvirtError.self) {
      try await domain.metadata(namespace: "urn:two", scope: .live)
    }
    #expect(error?.code == .operationInvalid)
  }

  @Test("saves its memory, says so, runs on from it, and forgets it when told")
  func managedSave() async throws {
    let domain = try await TestNode().define()
    #expect(try await domain.hasManagedSave() == false)
    try await domain.start()
    try await domain.managedSave()
    #expect(try await domain.hasManagedSave())
    #expect(try await domain.state().status == .shutoff)
    #expect(try await domain.connection.domains(.managedSave).map(\.uuid) == [domain.uuid])
    try await domain.start()
    #expect(try await domain.state().status == .running)
    #expect(try await domain.hasManagedSave() == false)
    try await domain.managedSave()
    let error = await #expect(throws: LibvirtError.self) { try await domain.undefine() }
    #expect(error?.code == .operationInvalid)
    try await domain.removeManagedSave()
    #expect(try await domain.hasManagedSave() == false)
    try await domain.undefine()
  }

  @Test("takes another definition of the same name and UUID")
  func redefinition() async throws {
    let node = try await TestNode()
    let domain = try await node.define()
    let larger = try await domain.xml().replacing("<vcpu placement='static'>2", with: "<vcpu placement='static'>3")
    let again = try await node.connection.defineDomain(xml: larger)
    #expect(again.uuid == domain.uuid)
    #expect(try await domain.info().cpus == 3)
    let error = await #expect(throws: LibvirtError.self) { try await node.define() }
    #expect(error?.code == .operationFailed)
  }
}
