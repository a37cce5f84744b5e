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

  let hasAgent: Bool
  let way: GuestArchive.Manifest.Way?
  private(set) var files: [File] = []
  /// The file with the firmware's variables.
  private(set) var variables: (path: String, format: Disk.Format)?
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
    variables = source.definition.firmwareVariablesFiles(uri: uri).first { FileTree.exists($0.path) }
  }

  private mutating func add(kernel: String?, initramfs: String?) {
    for (role, path) in [(BootFiles.kernel, kernel), (BootFiles.initramfs, initramfs)] {
      guard let path else { continue }
      files.append(File(name: GuestArchive.boot(role), path: path, limit: GuestArchive.Limit.boot))
    }
  }
}
