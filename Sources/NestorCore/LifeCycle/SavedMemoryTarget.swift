import DomainXML
import Libvirt

/// A guest that wakes from its managed save; its kernel is told of another CID.
struct SavedMemoryTarget: StartTarget {
  let domain: Domain
  /// The XML that was saved with the memory, whole.
  let savedXML: String

  func cid() throws -> UInt32? { try DomainDefinition(xml: savedXML).fixedCID }

  func xml() async throws -> String { try await domain.managedSaveXML(secure: true) }

  func write(_ xml: String) async throws { try await domain.setManagedSaveXML(xml) }

  func start() async throws { try await StartRace.retrying { try await domain.start() } }
}
