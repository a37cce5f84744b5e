import Foundation
import Libvirt
import Testing

/// What the test driver shows of a domain; each test has a host of its own.
@Suite("A domain of the test driver")
struct DomainCallTests {
  private func withHost(_ body: (Connection, Domain) async throws -> Void) async throws {
    let path = "/tmp/nestor-host-\(UUID().uuidString).xml"
    try """
    <node>
      <domain type='test'>
        <name>guest</name>
        <uuid>6695eb01-f6a4-8304-79aa-97f2502e1934</uuid>
        <memory>8192</memory>
        <currentMemory>4096</currentMemory>
        <vcpu current='1'>2</vcpu>
        <os><type>hvm</type></os>
        <devices>
          <disk type='file' device='disk'>
            <source file='/nestor/guest.img'/>
            <target dev='hda' bus='ide'/>
          </disk>
          <interface type='network'>
            <mac address='aa:bb:cc:dd:ee:ff'/>
            <source network='default'/>
            <target dev='nic0'/>
          </interface>
          <memballoon model='virtio'/>
        </devices>
      </domain>
    </node>
    """.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let connection = try await Connection.open("test://\(path)")
    try await body(connection, connection.domain(named: "guest"))
  }

  private func withFile(_ body: (String) async throws -> Void) async throws {
    let path = "/tmp/nestor-file-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
  }

  @Test("tells its memory in bytes and takes another amount")
  func memory() async throws {
    try await withHost { _, domain in
      #expect(try await domain.maximumMemory() == 8 << 20)
      try await domain.setMemory(6 << 20)
      #expect(try await domain.info().memory == 6 << 20)
      try await domain.setMaximumMemory(16 << 20, scope: .config)
      #expect(try await domain.xml(.inactive).contains("<memory unit='KiB'>16384</memory>"))
      let error = await #expect(throws: LibvirtError.self) { try await domain.setMemory(1 << 40) }
      #expect(error?.call == "virDomainSetMemoryFlags")
      let statistics = try await domain.memoryStatistics()
      #expect(statistics.balloon == 6 << 20)
      #expect(statistics.lastUpdate != nil)
      try await domain.setMemoryStatisticsPeriod(.seconds(7))
      #expect(try await domain.xml().contains("<stats period='7'/>"))
    }
  }

  @Test("tells how many CPUs it has and may have, and takes another number")
  func cpus() async throws {
    try await withHost { _, domain in
      #expect(try await domain.cpuCount() == 1)
      #expect(try await domain.cpuCount(.maximum) == 2)
      try await domain.setCPUCount(2, scope: .live)
      #expect(try await domain.cpuCount() == 2)
      try await domain.setCPUCount(4, scope: .config, .maximum)
      #expect(try await domain.cpuCount(scope: .config, .maximum) == 4)
      let error = await #expect(throws: LibvirtError.self) { try await domain.setCPUCount(99, scope: .live) }
      #expect(error?.code == .invalidArgument)
    }
  }

  @Test("is saved to a file, described from there and restored")
  func saving() async throws {
    try await withHost { connection, domain in
      try await withFile { path in
        try await domain.save(to: path)
        #expect(try await domain.state().status == .shutoff)
        #expect(try await domain.state().reasonText == "saved")
        #expect(try await connection.savedXML(in: path).contains("<name>guest</name>"))
        try await connection.restore(from: path)
        #expect(try await domain.state().status == .running)
        #expect(try await domain.state().reasonText == "restored")
        let error = await #expect(throws: LibvirtError.self) { try await connection.restore(from: "/nowhere") }
        #expect(error?.call == "virDomainRestoreFlags")
      }
    }
  }

  @Test("writes its memory to a file")
  func coreDump() async throws {
    try await withHost { _, domain in
      try await withFile { path in
        try await domain.coreDump(to: path)
        #expect(FileManager.default.fileExists(atPath: path))
        let error = await #expect(throws: LibvirtError.self) {
          try await domain.coreDump(to: path, format: .kdumpZlib, .memoryOnly)
        }
        #expect(error?.call == "virDomainCoreDumpWithFormat")
      }
    }
  }

  @Test("has a title and a description that come and go, and tells so")
  func titleAndDescription() async throws {
    try await withHost { connection, domain in
      let events = try await connection.metadataEvents(domain: domain)
      #expect(try await domain.title() == nil)
      #expect(try await domain.description() == nil)
      try await domain.setTitle("A <small> guest")
      try await domain.setDescription("First line\nsecond & last")
      try await domain.setMetadata("<x a='1'/>", prefix: "n", namespace: "https://example.org/n")
      #expect(try await domain.title() == "A <small> guest")
      #expect(try await domain.description() == "First line\nsecond & last")
      try await domain.setTitle(nil)
      #expect(try await domain.title() == nil)
      let error = await #expect(throws: LibvirtError.self) { try await domain.setTitle("two\nlines") }
      #expect(error?.code == .invalidArgument)
      var changes: [MetadataChange] = []
      for try await event in events {
        #expect(event.domainName == "guest")
        changes.append(event.payload)
        if changes.count == 4 { break }
      }
      #expect(changes == [.title, .description, .element(namespace: "https://example.org/n"), .title])
    }
  }

  @Test("is renamed while it is off, and only then")
  func renaming() async throws {
    try await withHost { connection, domain in
      let error = await #expect(throws: LibvirtError.self) { try await domain.rename(to: "other") }
      #expect(error?.code == .operationInvalid)
      try await domain.destroy()
      let events = try await connection.domainLifecycleEvents(domain: domain)
      let renamed = try await domain.rename(to: "other")
      #expect(renamed.name == "other")
      #expect(renamed.uuid == domain.uuid)
      await #expect(throws: LibvirtError.self) { try await connection.domain(named: "guest") }
      var texts: [String] = []
      for try await event in events {
        texts.append(event.payload.detailText)
        if texts.count == 2 { break }
      }
      #expect(texts == ["renamed", "renamed"])
    }
  }

  @Test("tells of its disk and NIC")
  func devices() async throws {
    try await withHost { _, domain in
      let info = try await domain.blockInfo("hda")
      #expect(info.capacity > 0)
      #expect(try await domain.interfaceStatistics("nic0").received.bytes != nil)
      let error = await #expect(throws: LibvirtError.self) { try await domain.blockInfo("zzz") }
      #expect(error?.code == .invalidArgument)
    }
  }

  @Test("takes keys, and knows its operating system's kind and its control's state")
  func input() async throws {
    try await withHost { _, domain in
      try await domain.sendKey([28], holding: .milliseconds(1))
      let error = await #expect(throws: LibvirtError.self) {
        try await domain.sendKey(Array(repeating: 1, count: 17))
      }
      #expect(error?.code == .invalidArgument)
      #expect(try await domain.osType() == "linux")
      #expect(try await domain.controlInfo().state == .ok)
    }
  }

  @Test("tells a guest's host name and time, and freezes its file systems")
  func guestAgent() async throws {
    try await withHost { _, domain in
      #expect(try await domain.guestHostname().contains("guest"))
      #expect(try await domain.guestTime().seconds > 0)
      try await domain.setGuestTime(GuestTime(seconds: 1_000_000))
      #expect(try await domain.freezeFileSystems() > 0)
      #expect(try await domain.thawFileSystems() > 0)
      try await domain.trimFileSystems()
      try await domain.setUserPassword(user: "root", password: "secret")
    }
  }
}
