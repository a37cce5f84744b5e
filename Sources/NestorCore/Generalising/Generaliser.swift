import DomainXML
import Libvirt
import NestorImages
import NestorSupport

/// Generalises a disk in a throw-away guest.
///
/// The guest boots the tiny image, has the disk and no network, and runs nothing from it. libvirt ends it with the connection,
/// https://libvirt.org/html/libvirt-libvirt-domain.html#VIR_DOMAIN_START_AUTODESTROY, so that nothing is left of it where this
/// program is killed.
struct Generaliser: Sendable {
  let hypervisor: Hypervisor
  /// The image that the disk is for.
  let imageName: String
  /// The message of what fails.
  let failure: String
  let tiny: Image
  /// Where the guest's files are made; QEMU's user has to be able to enter it.
  let directory: String

  /// Removes what makes one machine of the systems on a raw disk, see ``CleaningScript``.
  ///
  /// Throws a ``NestorError``: `unsupported` where the disk has no system that can be read, `noSpace` where the file system
  /// that it lies on is full, `timedOut` where it takes longer than `timeout`.
  func generalise(_ disk: String, timeout: Duration) async throws -> GeneralisingReport {
    let paper = "\(directory)/report"
    try FileTree.write([UInt8](repeating: 0, count: GeneralisingReport.size), to: paper, mode: 0o600)
    let boot = try makeBootFiles()
    let acceleration = await Acceleration.current(hypervisor.state)
    let definition = definition([disk, paper], boot, isKVM: acceleration.isUsable)
    hypervisor.report(ProgressReport(imageName, "generalising the disk in a throw-away guest"))
    guard try await runToEnd(definition, timeout: timeout) else {
      throw NestorError(
        .timedOut, failure,
        cause: "its disk was not generalised within \(timeout.components.seconds) s\(log.tail)",
        hint: "give it longer with --timeout")
    }
    let report = GeneralisingReport(try FileTree.read(paper))
    switch report.verdict {
    case .done where !report.systems.isEmpty: return report
    case .failed(let reason): throw NestorError(.failed, failure, cause: reason)
    case .refused(let reason):
      throw NestorError(
        .unsupported, failure, cause: reason,
        hint: hasFileSystems
          ? nil
          : "the image 'tiny' was made by an older Nestor and knows fewer file systems: nestor image build tiny --rebuild"
      )
    default:
      throw NestorError(
        .failed, failure, cause: "the throw-away guest that generalises its disk ended early\(log.tail)",
        hint: "run this again")
    }
  }

  private var log: ConsoleLog { ConsoleLog(path: "\(directory)/console.log") }

  private var hasFileSystems: Bool { tiny.record.files[ImageRecord.File.fileSystems] != nil }

  /// Copies the tiny image's kernel, and makes an initramfs of its own with modules and the scripts behind it.
  private func makeBootFiles() throws -> (kernel: String, initramfs: String) {
    let files = (kernel: "\(directory)/kernel", initramfs: "\(directory)/initramfs")
    try withSystemContext("cannot copy the image 'tiny'") {
      try FileTree.write(try FileTree.read(try tiny.path("kernel"), limit: Initramfs.sizeLimit), to: files.kernel)
      var initramfs = Initramfs()
      try initramfs.append(contentsOf: try tiny.path("initramfs"))
      if hasFileSystems { try initramfs.append(contentsOf: try tiny.path(ImageRecord.File.fileSystems)) }
      var archive = CPIOArchive()
      for path in ["etc", "etc/nestor", "etc/nestor/init.d"] { archive.addFolder(path) }
      try archive.addFile("etc/nestor/init.d/50-generalise", mode: 0o755, Array(GeneralisingScript.text.utf8))
      try archive.addFile("etc/nestor/clean", mode: 0o644, Array(CleaningScript.text.utf8))
      try FileTree.write(initramfs.bytes + archive.bytes, to: files.initramfs)
    }
    // Modules fit one kernel only.
    guard try hypervisor.images.image(tiny.name).digest == tiny.digest else {
      throw NestorError(.busy, failure, cause: "the image 'tiny' was made again meanwhile", hint: "run this again")
    }
    return files
  }

  private func definition(
    _ disks: [String], _ boot: (kernel: String, initramfs: String), isKVM: Bool
  ) -> DomainDefinition {
    var definition = DomainDefinition(
      name: "nestor-image-\(imageName)", memory: .bytes(256 << 20), type: isKVM ? .kvm : .qemu,
      uuid: Identifiers.randomUUID(), cpu: isKVM ? .hostPassthrough : .emulated, features: DomainFeatures(vmPort: false)
    )
    definition.description = "A throw-away guest of nestor image create"
    definition.os.architecture = "x86_64"
    definition.os.machine = "q35"
    definition.os.kernel = boot.kernel
    definition.os.initrd = boot.initramfs
    definition.os.commandLine = "console=ttyS0 quiet no_timer_check panic=-1"
    definition.onReboot = .destroy
    definition.onCrash = .destroy
    // What the disk's file system discards has to leave the file; nobody needs the file if the machine fails meanwhile. A
    // write that fails, such as for want of room, stops the guest, which is told of.
    definition.devices.disks = zip(disks, ["vda", "vdb"]).map { path, target in
      Disk(
        source: .file(path), format: .raw, target: target, cache: .unsafe, discard: .unmap, detectZeroes: "unmap",
        errorPolicy: "stop")
    }
    definition.devices.serialPorts = [SerialPort(source: .pty(), log: CharacterLog(path: log.path))]
    definition.devices.controllers = [Controller(type: "usb", model: "none")]
    definition.devices.memoryBalloon = MemoryBalloon.none
    return definition
  }

  /// Starts the guest and waits until it is gone; false where the time is over first. It is gone in any case.
  private func runToEnd(_ definition: DomainDefinition, timeout: Duration) async throws -> Bool {
    let connection = hypervisor.connection
    let xml = try definition.xml()
    return try await withContext("cannot run the throw-away guest") {
      try await removeFormer(definition)
      let changes = try await connection.domainLifecycleEvents()
      let domain = try await connection.createDomain(xml: xml, .autodestroy)
      let isGone: Bool
      do {
        isGone =
          try await Deadline(after: timeout).limit {
            for try await change in changes where change.domainUUID == definition.uuid {
              if change.payload.kind == .stopped { return true }
              if change.payload.kind == .suspended { throw await diskFailure(domain) }
            }
            try Task.checkCancellation()
            throw NestorError(.unavailable, failure, cause: "the connection to libvirt ended")
          } ?? false
      } catch {
        try? await unbroken { try await domain.destroy() }
        throw error
      }
      if !isGone { try? await unbroken { try await domain.destroy() } }
      return isGone
    }
  }

  private func diskFailure(_ domain: Domain) async -> NestorError {
    let isFull = (try? await domain.diskErrors().values.contains(.noSpace)) ?? false
    return isFull
      ? NestorError(
        .noSpace, failure, cause: "No space left on the file system of \(directory)",
        hint: "free some space there, then run it again")
      : NestorError(.failed, failure, cause: "the copy of its disk cannot be read or written\(log.tail)")
  }

  /// Ends the guest of an earlier attempt at this image, which may still run where libvirtd was killed with the program.
  private func removeFormer(_ definition: DomainDefinition) async throws {
    guard let former = try? await hypervisor.connection.domain(named: definition.name),
      try DomainDefinition(xml: try await former.xml()).devices.disks.first?.source
        == definition.devices.disks.first?.source
    else { return }
    try await former.destroy()
  }
}
