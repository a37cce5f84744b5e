import DomainXML
import Libvirt
import NestorSupport

extension LockedGuest {
  /// Starts those of libvirt's networks that it needs by a definition and that are off.
  func startNetworks(_ definition: DomainDefinition) async throws {
    for network in definition.devices.interfaces.compactMap(\.networkName) {
      let failure = "cannot start network '\(network)' for guest '\(name)'"
      do {
        let network = try await hypervisor.connection.network(named: network)
        if try await network.isActive() { continue }
        hypervisor.report(ProgressReport(name, "starting network '\(network.name)'"))
        try await network.start()
      } catch let error as LibvirtError where error.code == .noNetwork {
        throw NestorError(
          .notFound, failure, cause: "libvirt has no such network",
          hint:
            "nestor network list shows those it has; the 'default' one comes from the package libvirt-daemon-config-network or /usr/share/libvirt/networks/default.xml"
        )
      } catch let error as LibvirtError where error.code == .operationInvalid {
        // Another program started it at the same moment.
      } catch {
        throw NestorError(wrapping: error, failure)
      }
    }
  }
}
