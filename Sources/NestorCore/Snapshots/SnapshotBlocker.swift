import DomainXML
import Libvirt

/// Why a guest's moment cannot be kept inside its disks, known before libvirt is asked: it would say so late, in words that
/// name no way out, or write for minutes first.
///
/// | the guest has | what is the matter |
/// |---|---|
/// | UEFI | libvirt keeps its variables in snapshots from 10.10 on, and only where they are in qcow2 |
/// | no disk in qcow2 that it writes | there is nothing that could hold them |
/// | a disk in another format that it writes | that one could not go back |
/// | a PCI device passed through, and runs | the device's state cannot be read |
struct SnapshotBlocker: Equatable {
  let cause: String
  let hint: String

  /// Nil where nothing is in the way.
  init?(to definition: DomainDefinition, isActive: Bool, libvirt: Version) {
    if definition.hasFirmwareVariables, libvirt < Version(10, 10) || definition.os.nvram?.format != "qcow2" {
      self.init(
        cause: libvirt < Version(10, 10)
          ? "it boots by UEFI, of which libvirt \(libvirt) keeps no snapshots; 10.10 and later do"
          : "it boots by UEFI, whose variables are not in a file of format qcow2, which could go back with the disks",
        hint: isActive && libvirt >= SnapshotPlace.firstWithFiles
          ? "keep its disks alone: --disk-only; or make it with firmware: bios"
          : "make it with firmware: bios, or copy it while it is off: nestor clone --full \(definition.name) NEW")
      return
    }
    let written = definition.devices.disks.filter(\.isKept)
    if let raw = written.first(where: { $0.format != .qcow2 }) {
      self.init(
        cause: "its disk \(raw.target) is not qcow2, and could not go back with the others",
        hint: "import it as an image, which makes it qcow2: nestor image import")
      return
    }
    if written.isEmpty {
      self.init(
        cause: "it has no disk that could hold it",
        hint: "give it a small one: nestor disk add \(definition.name) --size 1GiB")
      return
    }
    let isPassedThrough = definition.devices.hostDevices.contains { if case .pci = $0.source { true } else { false } }
    if isActive, isPassedThrough {
      self.init(
        cause: "it runs with a PCI device of the host, whose state cannot be kept",
        hint: "stop it first: nestor stop \(definition.name)")
      return
    }
    return nil
  }

  private init(cause: String, hint: String) {
    self.cause = cause
    self.hint = hint
  }
}
