import Foundation
import Libvirt
import LibvirtTestSupport
import Testing

@Suite("libvirtd and real guests", .privateLibvirtd, .timeLimit(.minutes(20)))
struct DaemonTests {
  /// An empty guest: it runs its firmware, finds nothing to boot, and waits.
  private func guest(_ name: String) -> String {
    """
    <domain type='qemu'><name>\(name)</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='q35'>hvm</type></os><features><acpi/></features>
    <devices><controller type='usb' model='none'/><memballoon model='none'/></devices></domain>
    """
  }

  @Test("a guest runs, stands still, runs on, is reset and ends, and every step is told in order")
  func life() async throws {
    let connection = try await Connection.open(try await PrivateLibvirtd.shared.uri)
    #expect(try await connection.driverName() == "QEMU")
    #expect(try await connection.isAlive())
    #expect(try await connection.hypervisorVersion() >= Version(5, 0))
    let domain = try await connection.defineDomain(xml: guest("steps"), .validate)
    let events = try await connection.domainLifecycleEvents(domain: domain)
    try await domain.start()
    #expect(try await domain.state().status == .running)
    #expect(try await domain.info().maximumMemory == 32 << 20)
    try await domain.suspend()
    #expect(try await domain.state().status == .paused)
    try await domain.resume()
    try await domain.reset()
    try await domain.destroy()
    #expect(try await domain.state().status == .shutoff)
    try await domain.undefine()
    var seen: [LifecycleEvent.Kind] = []
    for try await event in events {
      #expect(event.domainUUID == domain.uuid)
      // QEMU may or may not get to say that it is shutting down before it has ended.
      if event.payload.kind != .shutdown { seen.append(event.payload.kind) }
      if event.payload.kind == .undefined { break }
    }
    // QEMU's CPUs are let go as a step of their own at the start.
    #expect(seen == [.resumed, .started, .suspended, .resumed, .stopped, .undefined])
  }

  @Test("a guest is saved to disk and goes on from there")
  func managedSave() async throws {
    let connection = try await Connection.open(try await PrivateLibvirtd.shared.uri)
    let domain = try await connection.defineDomain(xml: guest("saved"))
    try await domain.start()
    try await domain.managedSave()
    #expect(try await domain.hasManagedSave())
    #expect(try await domain.state().status == .shutoff)
    try await domain.start()
    #expect(try await domain.state().status == .running)
    #expect(try await domain.hasManagedSave() == false)
    try await domain.destroy(.graceful)
    try await domain.undefine()
  }

  @Test("a hundred calls at once over one connection, and over ten, each get their own answer")
  func concurrency() async throws {
    let uri = try await PrivateLibvirtd.shared.uri
    let shared = try await Connection.open(uri)
    let wrong = try await withThrowingTaskGroup(of: String?.self) { group in
      for number in 0..<200 {
        group.addTask {
          let connection = number % 20 == 0 ? try await Connection.open(uri) : shared
          do {
            _ = try await connection.domain(named: "stranger-\(number)")
            return "\(number) was found"
          } catch let error as LibvirtError {
            let isRight = error.code == .noDomain && error.message.hasSuffix("'stranger-\(number)'")
            return isRight ? nil : "\(number): \(error)"
          }
        }
      }
      return try await group.reduce(into: [String]()) { if let wrong = $1 { $0.append(wrong) } }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(3))")
  }

  @Test("libvirtd is killed: events end by an error, calls fail, the guest lives on and is found by a new connection")
  func killed() async throws {
    try await PrivateLibvirtd.with("killed") { daemon in
      let connection = try await Connection.open(daemon.uri)
      let domain = try await connection.defineDomain(xml: guest("survivor"))
      let events = try await connection.domainLifecycleEvents()
      try await domain.start()
      let before = try await domain.id()
      let listener = Task {
        var kinds: [LifecycleEvent.Kind] = []
        do {
          for try await event in events { kinds.append(event.payload.kind) }
          return (kinds, nil as LibvirtError?)
        } catch {
          return (kinds, error as? LibvirtError)
        }
      }
      let closed = Task { await connection.waitUntilClosed() }

      try await daemon.endDaemon(killing: true)

      let (kinds, error) = await listener.value
      #expect(kinds == [.resumed, .started])
      #expect(error?.code == .rpc)
      #expect(error?.message.contains("lost") == true)
      _ = await closed.value
      // Those who ask later hear it, too.
      await connection.waitUntilClosed()
      #expect(try await connection.isAlive() == false)
      await #expect(throws: LibvirtError.self) { try await domain.state() }
      await #expect(throws: LibvirtError.self) { try await connection.domainLifecycleEvents() }
      await #expect(throws: LibvirtError.self) { try await Connection.open(daemon.uri) }
      let processes = try await daemon.runInside(["pgrep", "--count", "qemu-system"])
      #expect(processes.output == "1\n")

      try await daemon.startDaemon()

      let again = try await Connection.open(daemon.uri)
      let found = try await again.domain(uuid: domain.uuid)
      #expect(try await found.state().status == .running)
      #expect(try await found.id() == before)
      // Both wait until the new daemon has found its way to QEMU; a guest that is destroyed before that is gone, but
      // libvirtd says that it was not running.
      try await found.suspend()
      try await found.resume()
      // The old connection stays closed.
      #expect(try await connection.isAlive() == false)
      try await found.destroy()
      #expect(try await found.isActive() == false)
      try await found.undefine()
    }
  }

  @Test("libvirtd is restarted: guests stay, and a properly ended daemon closes the connection as well")
  func restarted() async throws {
    try await PrivateLibvirtd.with("restarted") { daemon in
      let connection = try await Connection.open(daemon.uri)
      let domain = try await connection.createDomain(xml: guest("fleeting"))
      try await daemon.restart(killing: false)
      await connection.waitUntilClosed()
      #expect(try await connection.isAlive() == false)
      let again = try await Connection.open(daemon.uri)
      #expect(try await again.domains(.active).map(\.uuid) == [domain.uuid])
    }
  }

  @Test("libvirt's own network gives itself a bridge inside, none outside")
  func network() async throws {
    try await PrivateLibvirtd.with("network") { daemon in
      try await daemon.startDefaultNetwork()
      let connection = try await Connection.open(daemon.uri)
      let network = try await connection.network(named: "default")
      #expect(try await network.isActive())
      let bridge = try await network.bridgeName()
      let inside = try await daemon.runInside(["ip", "-brief", "address", "show", bridge])
      #expect(inside.output.contains("192.168.122.1/24"))
      // Not the machine's own bridge, should it have one: this one has an address of its own.
      let address = try await daemon.runInside(["cat", "/sys/class/net/\(bridge)/address"]).output
      #expect((try? String(contentsOfFile: "/sys/class/net/\(bridge)/address", encoding: .utf8)) != address)
      try await network.destroy()
      #expect(try await network.isActive() == false)
    }
  }
}
