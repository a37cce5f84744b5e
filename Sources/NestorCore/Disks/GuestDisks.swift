import DomainXML
import Libvirt
import NestorSupport
import Templates

/// The disks of a guest.
package struct GuestDisks: Sendable {
  let guest: Guest

  /// The disks in their order.
  package func list() async throws -> [DiskSummary] {
    var rows: [DiskSummary] = []
    for disk in try await guest.devices().present.disks {
      rows.append(
        DiskSummary(
          target: disk.target, bus: disk.bus?.rawValue ?? "-", format: disk.format?.rawValue ?? "-",
          size: (try? await guest.domain.blockInfo(disk.target))?.capacity, isReadOnly: disk.isReadOnly,
          source: disk.source.path, purpose: disk.nestorsPurpose))
    }
    return rows
  }

  /// Adds a disk, at once where the guest runs and for later starts; returns its name, such as `vdb`.
  ///
  /// A file that Nestor makes for it goes with the guest. Throws ``NestorError`` of code `unsupported` for a disk on the bus
  /// `scsi` or with a thread of its own: what these need comes with a guest's template.
  @discardableResult
  package func add(_ disk: GuestTemplate.Disk) async throws -> String {
    try await guest.hypervisor.requireLocal("add a disk to a guest")
    return try await guest.withLock(to: "add a disk to") { try await $0.addDisk(disk) }
  }

  /// Takes a disk from the guest, with the file if Nestor made it and `keepingFile` is not set.
  ///
  /// A guest's snapshots hold all disks that it writes, so one that has snapshots keeps these. The file of another stays as
  /// long as the guest, where it can go back to a moment at which it had it.
  package func remove(_ target: String, keepingFile: Bool = false) async throws {
    try await guest.hypervisor.requireLocal("remove a disk from a guest")
    try await guest.withLock(to: "remove the disk \(target) from") {
      try await $0.removeDisk(target, keepingFile: keepingFile)
    }
  }
}

extension Guest {
  package var disks: GuestDisks { GuestDisks(guest: self) }
}

extension Disk {
  /// What Nestor itself needs the disk for; nil for the guest's own.
  var nestorsPurpose: String? {
    switch own {
    case .memory: "snapshots"
    case .seed: "settings"
    case nil: nil
    }
  }
}
