import DomainXML
import NestorSupport

extension LockedGuest {
  /// Deletes snapshots by `body`; before and after it compares libvirt's list of the guest's snapshots with what its disks
  /// hold.
  ///
  /// Warns of snapshots that were torn before. Throws where one is lost, or torn, that was to stay.
  func watchingOthers(but names: [String], _ body: () async throws -> Void) async throws {
    let before = try await snapshotData()
    for (snapshot, tear) in before.torn.sorted(by: { $0.key < $1.key }) where !names.contains(snapshot) {
      hypervisor.warn("snapshot '\(snapshot)' of guest '\(name)' was not whole before this: \(tear)")
    }
    try await body()
    let after = try await snapshotData()
    let lost = before.names.filter { !names.contains($0) && !after.names.contains($0) }
    let harmed = after.torn.keys.filter { before.torn[$0] == nil }
    guard lost.isEmpty, harmed.isEmpty else {
      throw NestorError(
        .corrupted,
        "guest '\(name)' has lost snapshots that were to stay: \((lost + harmed.sorted()).joined(separator: ", "))",
        hint: "what its disks hold: qemu-img snapshot -l DISK, see nestor disk list \(name)")
    }
  }

  /// The snapshots of the guest that libvirt knows, and what is wrong with those whose data is not in the files where
  /// libvirt believes it.
  ///
  /// Only files of Nestor's own are looked into; which others there are is not known here.
  private func snapshotData() async throws -> (names: [String], torn: [String: String]) {
    try await withContext("cannot look into the snapshots of guest '\(name)'") {
      let present = try await snapshots.definitions()
      let names = present.map(\.name)
      guard try await hypervisor.isLocal() else { return (names, [:]) }
      var torn: [String: String] = [:]
      var held: [String: Set<String>] = [:]
      for (name, snapshot) in present {
        var files: [(path: String, isToHoldIt: Bool)] = []
        for disk in snapshot.domain?.devices.disks ?? [] {
          guard let path = disk.source.path, path.hasPrefix("\(directory)/"),
            let kind = snapshot.disks?.first(where: { $0.name == disk.target })?.kind,
            kind != SnapshotDefinition.Kind.none
          else { continue }
          files.append((path, kind == .internal && disk.format == .qcow2))
        }
        if !snapshot.isInFiles, let path = snapshot.domain?.firmwareVariables(in: directory) {
          files.append((path, true))
        }
        for (path, isToHoldIt) in files {
          guard FileTree.exists(path) else {
            torn[name] = "there is no \(path)"
            continue
          }
          guard isToHoldIt else { continue }
          if held[path] == nil { held[path] = try await DiskFile.snapshots(in: path) }
          if held[path]?.contains(name) == false { torn[name] = "\(path) does not hold it" }
        }
      }
      return (names, torn)
    }
  }
}
