import GuestProtocol
import Libvirt
import LibvirtFailures
import NestorSupport

extension Hypervisor {
  /// Deletes a guest with all that Nestor made for it, and nothing else.
  ///
  /// The files go before the domain does, so that as long as anything is left libvirt still names the guest, and this
  /// can be called again. A guest that Nestor did not make loses its definition, snapshots' metadata and saved memory;
  /// its disks stay. Throws `invalidState` when it runs and `force` is not set.
  public func delete(_ name: String, force: Bool = false) async throws {
    try await locking(name, to: "delete") { try await deleteLocked(try await domain(name), force: force) }
  }

  /// Deletes a domain whose lock is held.
  func deleteLocked(_ domain: Domain, force: Bool) async throws {
    let name = domain.name
    var record = try await record(of: domain)
    let isUnfinished = record.map { $0.stage != .complete } ?? false
    if try await status(of: domain, record: nil).isActive && !force && !isUnfinished {
      throw NestorError(
        .invalidState, "guest '\(name)' is running", hint: "nestor stop \(name), or nestor delete --force \(name)")
    }
    report(ProgressReport(name, "deleting"))
    let isPersistent = try await explaining("cannot ask about guest '\(name)'") { try await domain.isPersistent() }
    if record != nil && isPersistent {
      record?.stage = .deleting
      if let record { try await write(record, to: domain) }
    }
    try await explaining("cannot stop guest '\(name)'") { try await destroyIfActive(domain) }
    // A domain that was only ever started, never defined, is gone with that.
    guard isPersistent else { return try removeFiles(of: domain) }
    if record != nil {
      try await releaseAddresses(of: domain)
      try removeFiles(of: domain)
    }
    try await explaining("cannot undefine guest '\(name)'") {
      do {
        try await domain.undefine([.managedSave, .snapshotsMetadata, .checkpointsMetadata, .nvram, .tpm])
      } catch let error as LibvirtError where error.code == .invalidArgument || error.code == .noSupport {
        // A driver or a libvirt that does not know one of the flags.
        try await domain.undefine([.managedSave, .snapshotsMetadata])
      }
    }
  }

  private func removeFiles(of domain: Domain) throws {
    try explainingSystem("cannot remove the files of guest '\(domain.name)'") {
      try FileTree.remove(state.guest(domain.uuid))
      // A client that was killed, as ssh kills the one that carries it, leaves the file of its lock.
      for number in 0..<ProtocolLimits.portCount {
        try FileTree.remove(state.lock("port", "\(domain.uuid)-\(number)"))
      }
    }
  }
}
