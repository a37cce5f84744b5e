import GuestProtocol
import Libvirt
import NestorSupport

extension LockedGuest {
  /// See ``Guest/delete(force:)``. Where it has none of its addresses from Nestor yet, networks keep what they keep.
  func delete(force: Bool, releasesAddresses: Bool = true) async throws {
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
      if releasesAddresses { try await releaseAddresses() }
      try removeFiles()
    }
    try await withContext("cannot undefine guest '\(name)'") {
      try await domain.undefine(
        [.managedSave, .snapshotsMetadata, .checkpointsMetadata, .nvram, .tpm],
        orOnly: [.managedSave, .snapshotsMetadata])
    }
    // Work that could not be ended is nobody's now.
    try? forgetNote()
    let renewal = hypervisor.state.unfinishedRenewal(name)
    if let noted = UnfinishedRenewal.read(renewal), [noted.old, noted.new].contains(uuid) {
      try? FileTree.remove(renewal)
    }
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

extension Domain {
  /// Undefines it with all of these flags, or with `least` where the driver or libvirt does not know one of the others.
  func undefine(_ flags: DomainUndefineFlags, orOnly least: DomainUndefineFlags) async throws {
    do {
      try await undefine(flags)
    } catch let error as LibvirtError where error.code == .invalidArgument || error.code == .noSupport {
      try await undefine(least)
    }
  }
}
