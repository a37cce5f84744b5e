import DomainXML
import NestorImages
import NestorSupport

extension LockedGuest {
  /// Copies the disk that the guest boots from into a raw file, as it is while the guest is off, or as it was at a snapshot;
  /// returns what was copied.
  ///
  /// Warns of what of the guest is not on it.
  func copySystemDisk(from snapshot: String?, to path: String) async throws -> ImageRecord.Guest {
    let source = try await disks(from: snapshot, hintEnd: ", or name a snapshot: --from \(name)/SNAPSHOT")
    let files = source.files.filter { !$0.isForMemory && !$0.isReadOnly }
    // Of those without a place in the boot order, the first.
    guard let system = files.min(by: { ($0.disk.bootOrder ?? .max) < ($1.disk.bootOrder ?? .max) }) else {
      throw error(
        .unsupported, "it has no disk of its own in a file",
        hint: "what it boots is an image already: nestor image list")
    }
    let others = files.map(\.disk.target).filter { $0 != system.disk.target }
    if !others.isEmpty { hypervisor.warn("the image is without \(others.joined(separator: ", ")) of guest '\(name)'") }
    if source.definition.os.kernel != nil {
      hypervisor.warn("the image is without the kernel of guest '\(name)', which does not boot from its disk")
    }
    hypervisor.report(ProgressReport(name, "copying its disk"))
    try await DiskFile.flatten(
      system.path, system.format, snapshot: source.snapshot(in: system), to: path, as: .raw)
    return source.origin
  }
}
