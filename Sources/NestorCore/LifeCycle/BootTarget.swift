import Libvirt

/// A guest that boots from its definition.
struct BootTarget: StartTarget {
  let domain: Domain
  let connection: Connection

  func xml() async throws -> String { try await domain.xml([.inactive, .secure]) }

  func write(_ xml: String) async throws { _ = try await connection.defineDomain(xml: xml) }

  func start() async throws { try await StartRace.retrying { try await domain.start() } }
}
