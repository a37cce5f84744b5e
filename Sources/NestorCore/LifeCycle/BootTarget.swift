import DomainXML
import Libvirt

/// A guest that boots from its definition.
struct BootTarget: StartTarget {
  private let guest: Guest
  private let definition: DomainDefinition

  /// A guest whose definition is known.
  init(_ guest: Guest, _ definition: DomainDefinition) {
    self.guest = guest
    self.definition = definition
  }

  func cid() -> UInt32? { definition.fixedCID }

  func xml() async throws -> String { try await guest.domain.xml([.inactive, .secure]) }

  func write(_ xml: String) async throws { _ = try await guest.hypervisor.connection.defineDomain(xml: xml) }

  func start() async throws { try await StartRace.retrying { try await guest.domain.start() } }
}
