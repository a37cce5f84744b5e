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
        for file in leaving.files { try await archive.add(file.name, contentsOf: file.path, limit: file.limit) }
        if let variables = leaving.variables {
          try await archive.add(
            GuestArchive.nvram,
            contentsOf: try await DiskFile.flattened(variables.path, variables.format, snapshot: nil, in: directory),
            limit: GuestArchive.Limit.nvram)
        }
        for disk in leaving.disks {
          let stage = "exporting \(FileTree.lastComponent(of: disk.path))"
          hypervisor.report(ProgressReport(name, stage))
          let copy = try await DiskFile.flattened(
            disk.path, disk.format, snapshot: source.snapshot(in: disk), in: directory)
          try await archive.add(
            GuestArchive.disk(FileTree.lastComponent(of: disk.path)), contentsOf: copy, limit: GuestArchive.Limit.disk
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
    if snapshot != nil, definition.hasFirmwareVariables { left.append("its firmware's variables") }
    if !definition.devices.tpms.isEmpty { left.append("what its TPM holds") }
    for disk in definition.devices.disks where disk.holdsMedium {
      left.append("the medium in drive \(disk.target) (\(disk.source.path ?? ""))")
    }
    guard !left.isEmpty else { return }
    hypervisor.warn("the archive of guest '\(name)' is without \(left.joined(separator: " and without "))")
  }
}
