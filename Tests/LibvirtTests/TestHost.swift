import Foundation
import Libvirt

/// A host of libvirt's test driver that no other test shares: one domain, one network, one pool, one device.
enum TestHost {
  static let description = """
    <node>
      <cpu><mhz>2600</mhz><model>x86_64</model><active>4</active>\
    <nodes>1</nodes><sockets>2</sockets><cores>2</cores><threads>1</threads></cpu>
      <memory>8388608</memory>
      <domain type='test'><name>guest</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>\
    <memory>262144</memory><currentMemory>131072</currentMemory><vcpu>2</vcpu><os><type>hvm</type></os></domain>
      <network><name>segment</name><uuid>dd8fe884-6c02-601e-7551-cca97df1c5df</uuid>\
    <forward/><ip address='192.168.122.1' netmask='255.255.255.0'>\
    <dhcp><range start='192.168.122.128' end='192.168.122.253'/></dhcp></ip></network>
      <pool type='dir'><name>place</name><uuid>dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566</uuid>\
    <target><path>/place</path></target>\
    <volume type='file'><name>disk.img</name><key>/place/disk.img</key><source/><capacity>1000000</capacity>\
    <allocation>50000</allocation><target><path>/place/disk.img</path></target></volume></pool>
      <device><name>computer</name><capability type='system'>\
    <hardware><vendor>Libvirt</vendor><uuid>103faf48-9d34-4f1e-8a54-3d4b6b1f2c01</uuid></hardware>\
    <firmware><vendor>Libvirt</vendor></firmware></capability></device>
    </node>
    """

  /// Opens a connection to a host of its own.
  static func open(_ description: String = TestHost.description) async throws -> Connection {
    let file = FileManager.default.temporaryDirectory.appending(path: "test-host-\(UUID().uuidString).xml")
    try description.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    return try await Connection.open("test://\(file.path)")
  }
}
