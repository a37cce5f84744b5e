import Libvirt
import NestorSupport

extension Hypervisor {
  /// Refuses to change a guest that sleeps: it wakes with the devices that it had, whatever is defined meanwhile.
  func requireAwake(_ domain: Domain, _ failure: String) async throws {
    guard try await status(of: domain, record: nil) == .saved else { return }
    throw NestorError(
      .invalidState, failure, cause: "it sleeps, and wakes as it was",
      hint:
        "wake it first: nestor start \(domain.name), or give its memory up: nestor start --force-boot \(domain.name)")
  }

  /// Whether a guest that is off can wake from its managed save. What libvirt did not write to its end, since it was
  /// killed, is removed, as libvirt itself does at a start.
  func canWake(_ domain: Domain) async throws -> Bool {
    do {
      _ = try await domain.managedSaveXML()
      return true
    } catch let error as LibvirtError where error.message.contains("image is incomplete") {
      warn("the memory of guest '\(domain.name)' was not saved to its end, as something was killed; it boots")
      try await domain.removeManagedSave()
      return false
    }
  }

  /// Throws a guest's saved memory away, where there is one.
  func removeSavedMemory(of domain: Domain) async throws {
    // A driver that does not know of such a thing has none.
    if (try? await domain.hasManagedSave()) == true { try await domain.removeManagedSave() }
  }
}
