import Foundation
import Libvirt

/// A node of libvirt's test driver that belongs to one connection of one test: no domains, a network, and a pool.
struct TestNode {
  let connection: Connection

  init() async throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("node-\(UUID().uuidString).xml").path
    try Self.xml.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    connection = try await Connection.open("test://\(path)")
  }

  /// Defines a domain that does not run.
  func define(_ name: String = "guest", metadata: String = "") async throws -> Domain {
    try await connection.defineDomain(xml: Self.domain(name, metadata: metadata))
  }

  static func domain(_ name: String, metadata: String = "") -> String {
    """
    <domain type='test'><name>\(name)</name>\(metadata)<memory unit='MiB'>64</memory><vcpu>2</vcpu>
    <os><type>hvm</type></os><devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
    <source file='/nowhere/\(name).qcow2'/><target dev='vda'/></disk></devices></domain>
    """
  }

  private static let xml = """
    <node><cpu><mhz>1000</mhz><model>x86_64</model><active>2</active><nodes>1</nodes><sockets>1</sockets>
    <cores>2</cores><threads>1</threads></cpu><memory>1048576</memory>
    <network><name>segment</name><forward mode='nat'/><bridge name='virbr9'/>
    <ip address='192.168.9.1' netmask='255.255.255.0'/></network></node>
    """
}
