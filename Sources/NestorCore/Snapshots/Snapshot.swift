import DomainXML
import Libvirt
import NestorSupport

/// A snapshot of a guest that libvirt knows.
struct Snapshot: Sendable {
  /// The name of the snapshot that lives only while copies of a guest are made.
  static let nameForClones = "nestor-clone"
  /// By this it is told from one that somebody else gave that name.
  static let descriptionForClones = "for copies of the guest, while nestor clone makes them"

  let guest: Guest
  /// libvirt's handle of it.
  let handle: DomainSnapshot

  var name: String { handle.name }

  /// What libvirt knows of it, with the guest's definition of that time; with passwords where `secure` is set.
  func definition(secure: Bool = false) async throws -> SnapshotDefinition {
    try await withContext("cannot read snapshot '\(name)' of guest '\(guest.name)'") {
      try SnapshotDefinition(xml: try await handle.xml(secure: secure))
    }
  }
}

extension Snapshot {
  /// Whether it has the name that clones need, but was taken by somebody else.
  func isForeign() async throws -> Bool {
    guard name == Self.nameForClones else { return false }
    return try await definition().description != Self.descriptionForClones
  }
}

extension LibvirtError {
  /// Whether QEMU or qemu-img says that a disk does not hold a snapshot, or not all of it; libvirt passes on their words.
  var saysSnapshotDataMissing: Bool {
    message.contains("Snapshot") && message.contains("does not exist")
      || message.contains("snapshot not found") || message.contains("Can't find snapshot")
      || message.contains("Can't find the snapshot") || message.contains("disk-only snapshot")
      || message.contains("while loading VM state")
  }
}
