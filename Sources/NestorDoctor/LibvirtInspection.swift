import DomainXML
import Libvirt

/// Asks a real connection.
struct LibvirtInspection: LibvirtInspecting {
  let connection: Connection

  func driverName() async throws -> String { try await connection.driverName() }

  func uri() async throws -> String { try await connection.uri() }

  func libvirtVersion() async throws -> Version { try await connection.libvirtVersion() }

  func hypervisorVersion() async throws -> Version { try await connection.hypervisorVersion() }

  func capabilities() async throws -> String { try await connection.capabilities() }

  func guestCapabilities() async throws -> String {
    try await connection.domainCapabilities(architecture: "x86_64", machine: "q35", type: "qemu")
  }

  func network(named name: String) async throws -> NetworkState? {
    let network: Network
    do {
      network = try await connection.network(named: name)
    } catch let error as LibvirtError where error.code == .noNetwork {
      return nil
    }
    let tree = try XMLTree(parsing: try await network.xml())
    return NetworkState(
      isActive: try await network.isActive(), startsByItself: try await network.autostart(),
      bridge: tree.element("bridge")?["name"],
      hasDHCP: tree.elements.contains { $0.name == "ip" && $0.element("dhcp") != nil })
  }

  func startNetwork(named name: String) async throws {
    try await connection.network(named: name).start()
  }

  func autostartNetwork(named name: String) async throws {
    try await connection.network(named: name).setAutostart(true)
  }

  func defineNetwork(xml: String) async throws {
    _ = try await connection.defineNetwork(xml: xml)
  }

  func runningGuests() async throws -> Int { try await connection.domains(.active).count }
}
