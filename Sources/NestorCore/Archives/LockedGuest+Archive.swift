import DomainXML
import FoundationEssentials
import NestorSupport
import Processes

extension LockedGuest {
  /// Writes an archive of the guest to a descriptor.
  func writeArchive(to descriptor: Int32, from snapshot: String?) async throws {
    let source = try await disksToClone(from: snapshot)
    let portable = try portable(source.definition)
    let leaving = try await attempt { try await LeavingFiles(self, source) }
    try await warnOfWhatStays(source.definition, from: snapshot)
    let manifest = GuestArchive.Manifest(
      created: Date().formatted(.iso8601), hasAgent: leaving.hasAgent, way: leaving.way,
      autostart: try await attempt { try await domain.autostart() })
    try await attempt {
      try await Program("zstd", package: "zstd").run(["-q", "-T0", "-c"], to: descriptor) { [hypervisor, name] pipe in
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        var archive = TarWriter(pipe)
        try await archive.add(GuestArchive.manifest, Array(try encoder.encode(manifest)))
        try await archive.add(GuestArchive.definition, Array(try portable.definition.xml().utf8))
        for file in leaving.small {
          try await archive.add(file.name, try FileTree.read(file.path, limit: Int(GuestArchive.Limit.boot)))
        }
        for disk in leaving.disks {
          let stage = "exporting \(FileTree.lastComponent(of: disk.path))"
          hypervisor.report(ProgressReport(name, stage))
          let copy = try await DiskFile.flattened(
            disk.path, disk.format, snapshot: source.snapshot(in: disk), in: directory)
          try await archive.add(
            GuestArchive.disk(FileTree.lastComponent(of: disk.path)), contentsOf: copy.descriptor, size: try copy.size()
          ) { hypervisor.report(ProgressReport(name, stage, fraction: $0)) }
        }
        try await archive.finish()
      }
    }
  }

  private func portable(_ definition: DomainDefinition) throws -> PortableDefinition {
    do {
      return try PortableDefinition(of: definition, in: directory)
    } catch var refusal as DomainXMLError {
      // The line is one of a text that nobody sees.
      refusal.line = nil
      throw error(
        .unsupported, refusal.reason, hint: refusal.hint ?? "take it away for the export: nestor edit \(name)")
    }
  }

  /// Warns of what does not come along.
  private func warnOfWhatStays(_ definition: DomainDefinition, from snapshot: String?) async throws {
    var left: [String] = []
    let snapshots = try await attempt { try await domain.snapshots() }.map(\.name).sorted()
    if !snapshots.isEmpty { left.append("its snapshots (\(snapshots.joined(separator: ", ")))") }
    if !definition.devices.tpms.isEmpty { left.append("what its TPM holds") }
    for disk in definition.devices.disks where disk.holdsMedium {
      left.append("the medium in drive \(disk.target) (\(disk.source.path ?? ""))")
    }
    guard !left.isEmpty else { return }
    hypervisor.warn("the archive of guest '\(name)' is without \(left.joined(separator: " and without "))")
  }
}

/// The files of a guest that go into an archive of it.
private struct LeavingFiles: Sendable {
  let hasAgent: Bool
  let way: GuestArchive.Manifest.Way?
  /// Those that go as they are.
  var small: [(name: String, path: String)] = []
  let disks: [DiskCloneSource.File]

  init(_ guest: LockedGuest, _ source: DiskCloneSource) async throws {
    let provisioning = guest.provisioning
    let handedOver = try provisioning.handedOver()
    hasAgent = handedOver?.hasAgent ?? false
    disks = source.files.filter { !$0.isForMemory }
    if hasAgent { small.append((GuestArchive.key, guest.hypervisor.state.agentKey(guest.uuid))) }
    if let boot = handedOver?.boot {
      way = .initramfs
      small.append((GuestArchive.boot(BootFiles.kernel), boot.kernel))
      small.append((GuestArchive.boot(BootFiles.initramfs), boot.initramfs))
    } else {
      way = handedOver == nil ? nil : .seed
      for file in try provisioning.seedFiles() { small.append((GuestArchive.seed(file.name), file.path)) }
      let boot = BootFiles(source.definition, outside: guest.directory)
      if let kernel = boot.kernel { small.append((GuestArchive.boot(BootFiles.kernel), kernel)) }
      if let initramfs = boot.initramfs { small.append((GuestArchive.boot(BootFiles.initramfs), initramfs)) }
    }
    guard source.definition.hasFirmwareVariables else { return }
    let uri = try await guest.hypervisor.connection.uri()
    let places = source.definition.os.nvram?.path.map { [$0] } ?? FirmwareVariablesMove.places(of: guest.name, uri: uri)
    if let variables = places.first(where: FileTree.exists) { small.append((GuestArchive.nvram, variables)) }
  }
}
