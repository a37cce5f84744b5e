import DomainXML
import Libvirt
import NestorSupport

/// Where a snapshot's data is kept. A guest's snapshots are all of one kind: libvirt reverts to no mix of them.
///
/// | place | memory | a guest that runs | goes back |
/// |---|---|---|---|
/// | inside the guest's qcow2 disks | with it | stands still while it is written | with every libvirt |
/// | in files: the disks go on in overlays | without it | goes on meanwhile | with libvirt 9.9 and later |
///
/// See <https://libvirt.org/formatsnapshot.html>.
enum SnapshotPlace: Sendable, Equatable {
  case inside
  case files

  /// What a guest's snapshot is kept in; throws a ``NestorError`` where it cannot be kept at all.
  ///
  /// `present` are the snapshots that the guest has.
  init(
    for request: SnapshotRequest, of definition: DomainDefinition, isActive: Bool, present: [SnapshotDefinition],
    libvirt: Version
  ) throws {
    let guest = definition.name
    let failure = "cannot take a snapshot of guest '\(guest)'"
    let inFiles = present.filter(\.isInFiles).compactMap(\.name)
    let inside = present.filter { !$0.isInFiles }.compactMap(\.name)
    // Disks alone are what there is of a guest that is off, in either place.
    guard isActive ? request.isDiskOnly : !inFiles.isEmpty else {
      guard inFiles.isEmpty else {
        throw NestorError(
          .unsupported, failure,
          cause: "it has snapshots of its disks alone, with which none that hold the memory mix: "
            + inFiles.joined(separator: ", "),
          hint: "take one of the disks alone: --disk-only, or delete those: nestor snapshot delete \(guest) NAME")
      }
      if let blocker = StateBlocker(to: .snapshot, of: definition, isActive: isActive, libvirt: libvirt) {
        throw NestorError(.unsupported, failure, cause: blocker.cause, hint: blocker.hint)
      }
      self = .inside
      return
    }
    if let blocker = StateBlocker(to: .diskSnapshot, of: definition, isActive: isActive, libvirt: libvirt) {
      throw NestorError(.unsupported, "\(failure) without its memory", cause: blocker.cause, hint: blocker.hint)
    }
    guard inside.isEmpty else {
      throw NestorError(
        .unsupported, "\(failure) without its memory",
        cause: "it has snapshots inside its disks, with which none in files mix: \(inside.joined(separator: ", "))",
        hint: "keep the memory as well, without --disk-only, or delete those: nestor snapshot delete \(guest) NAME")
    }
    self = .files
  }
}

extension SnapshotDefinition {
  /// Whether the guest goes on from its memory when it is gone back to.
  var holdsMemory: Bool { state == .running || state == .paused }

  /// Whether disks went on in other files when it was taken.
  var isInFiles: Bool { disks?.contains { $0.kind == .external } ?? false }
}

extension Disk {
  /// Whether the guest writes it, so that a snapshot has to hold it.
  var isKept: Bool { !isReadOnly && device == .disk }
}
