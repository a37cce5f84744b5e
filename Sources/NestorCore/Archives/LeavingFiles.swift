import DomainXML
import NestorImages
import NestorSupport

/// The files of a guest that go into an archive of it.
struct LeavingFiles: Sendable {
  /// A file that goes as it is.
  struct File: Sendable {
    /// Its name in the archive.
    let name: String
    let path: String
    /// The most bytes that it may have.
    let limit: UInt64
  }

  /// The file with the firmware's variables.
  struct Variables: Sendable {
    let path: String
    /// What libvirt opens it as, and never what it looks like: its guest writes it.
    let format: Disk.Format

    /// What it holds, without snapshots in it; `directory` is where a copy of it may be made.
    func content(in directory: String) async throws -> UnnamedFile {
      try await DiskFile.flattened(path, format, snapshot: nil, in: directory)
    }
  }

  let hasAgent: Bool
  let way: GuestArchive.Manifest.Way?
  private(set) var files: [File] = []
  private(set) var variables: Variables?
  let disks: [DiskCloneSource.File]

  init(_ guest: LockedGuest, _ source: DiskCloneSource) async throws {
    let provisioning = guest.provisioning
    let handedOver = try provisioning.handedOver()
    hasAgent = handedOver?.hasAgent ?? false
    disks = source.files.filter { !$0.isForMemory }
    let text = UInt64(GuestArchive.Limit.text)
    if hasAgent {
      files.append(File(name: GuestArchive.key, path: guest.hypervisor.state.agentKey(guest.uuid), limit: text))
    }
    if let boot = handedOver?.boot {
      way = .initramfs
      add(kernel: boot.kernel, initramfs: boot.initramfs)
    } else {
      way = handedOver == nil ? nil : .seed
      for (file, isRequired) in SeedSettings.fileNames.sorted(by: { $0.key < $1.key }) where way == .seed {
        let path = "\(provisioning.seedDirectory)/\(file)"
        guard isRequired || FileTree.exists(path) else { continue }
        files.append(File(name: GuestArchive.seed(file), path: path, limit: text))
      }
      let boot = BootFiles(source.definition, outside: guest.directory)
      add(kernel: boot.kernel, initramfs: boot.initramfs)
    }
    // Those of a snapshot are not known.
    guard source.origin.snapshot == nil, source.definition.hasFirmwareVariables else { return }
    let uri = try await guest.hypervisor.connection.uri()
    let nvram = source.definition.os.nvram
    let places = nvram?.path.map { [$0] } ?? FirmwareVariablesMove.places(of: guest.name, uri: uri)
    variables = places.first(where: FileTree.exists).map { path in
      Variables(
        path: path, format: nvram?.format.map(Disk.Format.init) ?? (path.hasSuffix(".qcow2") ? .qcow2 : .raw))
    }
  }

  private mutating func add(kernel: String?, initramfs: String?) {
    for (role, path) in [(BootFiles.kernel, kernel), (BootFiles.initramfs, initramfs)] {
      guard let path else { continue }
      files.append(File(name: GuestArchive.boot(role), path: path, limit: GuestArchive.Limit.boot))
    }
  }
}
