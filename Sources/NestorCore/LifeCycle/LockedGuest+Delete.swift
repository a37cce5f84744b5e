import GuestProtocol
import Libvirt
import NestorSupport

extension LockedGuest {
  /// See ``Guest/delete(force:)``.
  func delete(force: Bool) async throws {
    let record = try await record()
    let isUnfinished = record.map { $0.stage != .complete } ?? false
    if try await guest.status().isActive && !force && !isUnfinished {
      throw NestorError(
        .invalidState, "guest '\(name)' is running", hint: "nestor stop \(name), or nestor delete --force \(name)")
    }
    hypervisor.report(ProgressReport(name, "deleting"))
    let isPersistent = try await guest.isPersistent()
    if var record, isPersistent {
      record.stage = .deleting
      try await write(record)
    }
    try await withContext("cannot stop guest '\(name)'") { try await destroyIfActive() }
    // A domain that was only ever started, never defined, is gone with that.
    guard isPersistent else { return try removeFiles() }
    if record != nil {
      try await releaseAddresses()
      try removeFiles()
    }
    try await withContext("cannot undefine guest '\(name)'") {
      do {
        try await domain.undefine([.managedSave, .snapshotsMetadata, .checkpointsMetadata, .nvram, .tpm])
      } catch let error as LibvirtError where error.code == .invalidArgument || error.code == .noSupport {
        // A driver or a libvirt that does not know one of the flags.
        try await domain.undefine([.managedSave, .snapshotsMetadata])
      }
    }
    // Work that could not be ended is nobody's now.
    try? forgetNote()
    try? FileTree.remove(hypervisor.state.unfinishedRenewal(name))
  }

  private func removeFiles() throws {
    try withSystemContext("cannot remove the files of guest '\(name)'") {
      try FileTree.remove(directory)
      // A client that was killed, as ssh kills the one that carries it, leaves the file of its lock.
      for number in 0..<ProtocolLimits.portCount {
        try FileTree.remove(hypervisor.state.lock("port", "\(uuid)-\(number)"))
      }
    }
  }
}
