import Libvirt
import NestorSupport

extension LockedGuest {
  /// Refuses a guest that sleeps: it wakes with the devices that it had, whatever is defined meanwhile.
  func requireAwake() async throws {
    guard try await guest.status() == .saved else { return }
    throw error(
      .invalidState, "it sleeps, and wakes as it was",
      hint: "wake it first: nestor start \(name), or give its memory up: nestor start --force-boot \(name)")
  }

  /// The managed save from which the guest, which is off, can wake; nil for one that libvirt did not write to its end,
  /// because it was killed: that is removed, as libvirt itself does at a start.
  func savedMemory() async throws -> SavedMemoryTarget? {
    do {
      return SavedMemoryTarget(domain: domain, savedXML: try await domain.managedSaveXML(secure: true))
    } catch let error as LibvirtError where error.message.contains("image is incomplete") {
      hypervisor.warn("the memory of guest '\(name)' was not saved to its end, as something was killed; it boots")
      try await domain.removeManagedSave()
      return nil
    }
  }

  /// Throws its saved memory away, where there is one.
  func removeSavedMemory() async throws {
    // A driver that does not know of such a thing has none.
    if (try? await domain.hasManagedSave()) == true { try await domain.removeManagedSave() }
  }
}
