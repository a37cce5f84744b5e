import Foundation
import Libvirt
import LibvirtTestSupport

/// A small guest of QEMU without acceleration, which runs its BIOS and nothing else.
enum TestGuest {
  /// The XML of a guest; its BIOS speaks on the serial console.
  static func xml(_ name: String, devices: String = "") -> String {
    """
    <domain type='qemu'>
      <name>\(name)</name>
      <memory unit='MiB'>32</memory>
      <vcpu>1</vcpu>
      <os><type arch='x86_64' machine='pc'>hvm</type><bios useserial='yes'/></os>
      <features><acpi/></features>
      <devices>
        <serial type='pty'/>
        <console type='pty'/>
        <video><model type='vga'/></video>
        <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
        <channel type='unix'><target type='virtio' name='org.nestor.test'/></channel>
        \(devices)
      </devices>
    </domain>
    """
  }

  /// Runs `body` with a guest that is defined and runs, and takes it away afterwards. The daemon is one that all tests
  /// share.
  static func with<Value: Sendable>(
    _ flags: DomainStartFlags = [], devices: String = "",
    _ body: (Connection, Domain) async throws -> Value
  ) async throws -> Value {
    let connection = try await Connection.open(PrivateLibvirtd.shared.uri)
    let name = "guest-\(UUID().uuidString.prefix(8))"
    let domain = try await connection.defineDomain(xml: xml(name, devices: devices))
    let result: Result<Value, any Error>
    do {
      try await domain.start(flags)
      result = .success(try await body(connection, domain))
    } catch {
      result = .failure(error)
    }
    try? await domain.destroy()
    try? await domain.undefine([.managedSave, .snapshotsMetadata])
    return try result.get()
  }

  /// Runs `body` with a folder of its own, which QEMU and libvirtd see as well.
  static func withFolder<Value: Sendable>(_ body: (String) async throws -> Value) async throws -> Value {
    let path = "/tmp/nestor-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
  }

  /// Makes a qcow2 image of 4 MiB.
  static func makeImage(_ path: String, _ daemon: PrivateLibvirtd) async throws {
    let output = try await daemon.runInside(["qemu-img", "create", "-q", "-f", "qcow2", path, "4M"])
    guard output.status == 0 else { throw LibvirtError(code: .internalError, message: output.errors, call: "qemu-img") }
  }
}
