import DomainXML
import Libvirt
import NestorSupport

extension Orchestrator {
  /// Lets the DHCP servers of libvirt's networks keep the addresses that a guest's template names, for its MAC addresses.
  func reserveAddresses(of plan: GuestPlan) async throws {
    for reservation in plan.reservations {
      let failure = "cannot reserve \(reservation.address) for guest '\(plan.name)' on network '\(reservation.network)'"
      var host = XMLTree("host")
      host["mac"] = reservation.mac
      host["name"] = plan.name
      host["ip"] = reservation.address
      let xml = try host.serialized()
      do {
        let network = try await connection.network(named: reservation.network)
        try await network.update(.addLast, .dhcpHost, xml: xml, scope: try await scope(of: network))
      } catch let error as LibvirtError where error.code == .operationInvalid {
        throw NestorError(
          .exists, failure, cause: error.message,
          hint: "another guest has the address or the name there: virsh net-dumpxml \(reservation.network)")
      } catch {
        throw NestorError(explaining: error, failure)
      }
    }
  }

  /// Takes back the addresses that were reserved for a guest: those of its name and one of its MAC addresses.
  func releaseAddresses(of domain: Domain) async throws {
    try await explaining("cannot take back the addresses of guest '\(domain.name)'") {
      let definition = try DomainDefinition(xml: try await domain.xml(.inactive))
      let addresses = Set(definition.devices.interfaces.compactMap(\.mac))
      for name in Set(definition.networkNames) {
        // A network that is gone took its reservations along.
        guard let network = try? await connection.network(named: name) else { continue }
        let tree = try XMLTree(parsing: try await network.xml(inactive: try await network.isPersistent()))
        for host in tree.elements.flatMap(\.elements).flatMap(\.elements) where host.name == "host" {
          guard host["name"] == domain.name, let mac = host["mac"], addresses.contains(mac.lowercased()) else {
            continue
          }
          try await network.update(.delete, .dhcpHost, xml: try host.serialized(), scope: try await scope(of: network))
        }
      }
    }
  }

  /// Where a change of a network has to be made so that it holds now and later.
  private func scope(of network: Network) async throws -> ModificationScope {
    var scope: ModificationScope = []
    if try await network.isActive() { scope.insert(.live) }
    if try await network.isPersistent() { scope.insert(.config) }
    return scope
  }
}
