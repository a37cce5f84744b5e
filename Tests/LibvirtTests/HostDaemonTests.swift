import Foundation
import Libvirt
import LibvirtTestSupport
import Testing

@Suite("The host and its network, by a real libvirtd", .privateLibvirtd)
struct HostDaemonTests {
  @Test("memory is told in bytes, and its uses fit in it")
  func memory() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let statistics = try await connection.nodeMemoryStatistics()
    let total = try #require(statistics["total"])
    // The machine's own number, in KiB.
    let meminfo = try String(contentsOfFile: "/proc/meminfo", encoding: .utf8)
    let line = try #require(meminfo.split(separator: "\n").first { $0.hasPrefix("MemTotal:") })
    #expect(UInt64(line.filter(\.isNumber)).map { $0 * 1024 } == total)
    #expect(try #require(statistics["free"]) < total)
    let free = try await connection.freeMemory()
    #expect(free > 0 && free < total)
  }

  @Test("the time of one CPU is no more than that of all")
  func cpuTime() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let first = try await connection.nodeCPUStatistics(cpu: 0)
    let all = try await connection.nodeCPUStatistics()
    #expect(try #require(first["idle"]) <= #require(all["idle"]))
    let error = await #expect(throws: LibvirtError.self) { try await connection.nodeCPUStatistics(cpu: 9999) }
    #expect(error?.code == .invalidArgument)
  }

  @Test("a running network has its bridge, its XML of the next start, and no leases without guests")
  func network() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let network = try await connection.defineNetwork(
      xml: """
        <network><name>hosttest</name><bridge name='nbrh0'/>\
        <ip address='10.99.7.1' netmask='255.255.255.0'>\
        <dhcp><range start='10.99.7.10' end='10.99.7.20'/></dhcp></ip></network>
        """)
    try await network.start()
    #expect(try await network.bridgeName() == "nbrh0")
    #expect(try await network.leases().isEmpty)
    #expect(try await network.leases(mac: "52:54:00:00:00:01").isEmpty)
    // Live only: the XML of the next start does not have it.
    try await network.update(
      .addLast, .dhcpHost, xml: "<host mac='52:54:00:00:00:01' ip='10.99.7.30'/>", scope: .live)
    #expect(try await network.xml().contains("10.99.7.30"))
    #expect(try await network.xml(inactive: true).contains("10.99.7.30") == false)
    try await network.destroy()
    try await network.undefine()
  }

  @Test("a lease is told with all that dnsmasq wrote of it")
  func leases() async throws {
    let daemon = try await PrivateLibvirtd.shared
    let connection = try await Connection.open(daemon.uri)
    let network = try await connection.createNetwork(
      xml: """
        <network><name>leasetest</name><bridge name='nbrh1'/>\
        <ip address='10.99.8.1' netmask='255.255.255.0'>\
        <dhcp><range start='10.99.8.10' end='10.99.8.20'/></dhcp></ip></network>
        """)
    // What libvirt's lease helper would write for a guest; libvirt reads it anew for each call.
    let expiry = Int64(Date().timeIntervalSince1970) + 3600
    let status = """
      [{"ip-address": "10.99.8.15", "mac-address": "52:54:00:12:34:56", "hostname": "guest",
        "client-id": "ff:01", "expiry-time": \(expiry)}]
      """
    try status.write(toFile: "\(daemon.folder)/lib/dnsmasq/nbrh1.status", atomically: true, encoding: .utf8)
    let lease = try #require(try await network.leases().first)
    #expect(lease.address == "10.99.8.15")
    #expect(lease.mac == "52:54:00:12:34:56")
    #expect(lease.hostname == "guest")
    #expect(lease.clientID == "ff:01")
    #expect(lease.expiry == expiry)
    #expect(lease.prefix == 24)
    #expect(lease.isIPv6 == false)
    #expect(lease.interface == "nbrh1")
    #expect(try await network.leases(mac: "52:54:00:00:00:99").isEmpty)
    try await network.destroy()
  }

  @Test("the daemon's death ends a sequence of events by an error")
  func daemonDeath() async throws {
    try await PrivateLibvirtd.with("daemon-death") { daemon in
      let connection = try await Connection.open(daemon.uri)
      let events = try await connection.networkEvents()
      let reader = Task { for try await _ in events {} }
      try await daemon.endDaemon(killing: true)
      let error = await #expect(throws: LibvirtError.self) { try await reader.value }
      #expect(error?.code == .rpc)
    }
  }

  @Test("closing the connection ends a sequence of events without an error")
  func closing() async throws {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let events = try await connection.networkEvents()
    let reader = Task {
      for try await _ in events {}
      return true
    }
    connection.close()
    #expect(try await reader.value)
  }
}
