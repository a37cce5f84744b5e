import Foundation
import LibvirtTestSupport
import TestSupport

extension Lab {
  /// A file with the XML of a domain that somebody made without Nestor; `devices` go into it, and its name is escaped.
  func domainFile(_ name: String, devices: String = "") throws -> String {
    let escaped = name.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
    let xml = """
      <domain type='qemu'>
        <name>\(escaped)</name>
        <memory unit='MiB'>64</memory>
        <os><type arch='x86_64' machine='q35'>hvm</type></os>
        <devices>\(devices)</devices>
      </domain>
      """
    let path = "\(folder)/foreign.xml"
    try xml.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}

extension Lab {
  /// How many programs are connected to libvirtd at the moment, virsh left out.
  func clients() async throws -> Int {
    let result = try await daemon.runInside(["virt-admin", "--quiet", "client-list", "libvirtd"])
    guard result.status == 0 else { throw LabError("virt-admin: \(result.errors)") }
    return result.output.split(separator: "\n").count
  }

  /// The number of a guest's QEMU process inside the namespaces.
  func qemu(_ guest: String) throws -> String {
    try String(contentsOfFile: "\(daemon.folder)/run/qemu/\(guest).pid", encoding: .utf8)
  }
}
