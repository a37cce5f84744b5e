import DomainXML
import Libvirt

/// A guest's devices: as it runs, where it does, and as it starts next, where it is defined.
struct GuestDevices: Sendable {
  /// The devices of the domain that runs; nil where it does not.
  let live: DomainDevices?
  /// Those of its next start; nil where it is not defined.
  let config: DomainDevices?

  /// Reads a domain's devices.
  init(of domain: Domain) async throws {
    live = try await domain.isActive() ? DomainDefinition(xml: try await domain.xml()).devices : nil
    config = try await domain.isPersistent() ? DomainDefinition(xml: try await domain.xml(.inactive)).devices : nil
  }

  /// Those that the guest sees, or will see.
  var present: DomainDevices { live ?? config ?? DomainDevices() }
  /// The disks that the guest sees and those of its next start; one that is both comes twice.
  var disksNowAndLater: [Disk] { present.disks + (config?.disks ?? []) }
  /// The NICs, likewise.
  var interfacesNowAndLater: [NetworkInterface] { present.interfaces + (config?.interfaces ?? []) }

  /// Where a device has to be changed so that the change lasts.
  var scope: ModificationScope {
    var scope: ModificationScope = []
    if live != nil { scope.insert(.live) }
    if config != nil { scope.insert(.config) }
    return scope
  }
}
