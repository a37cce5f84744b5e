import DomainXML
import FoundationEssentials
import GuestProtocol
import NestorImages
import NestorSupport
import Processes

extension GuestArrival {
  /// Makes the guest whole, whose files are there; `reserving` is called before networks keep addresses for it.
  func complete(_ guest: LockedGuest, reserving: () -> Void) async throws {
    let hypervisor = guest.hypervisor
    for (file, disk) in portable.disks where disk.format == .qcow2 {
      try await DiskInspection.checkQCOW2("\(guest.directory)/\(file)", shown: GuestArchive.disk(file))
    }
    for disk in portable.definition.devices.disks where disk.own == .memory {
      let file = disk.source.path.map(FileTree.lastComponent) ?? ""
      try await DiskFile.create("\(guest.directory)/\(file)", size: DiskPlanner.memoryDiskSize)
    }
    let (image, isNew) = try await bootImage(guest)
    do {
      try await complete(guest, image, reserving: reserving)
    } catch {
      // Whoever has come to need it meanwhile looks for it once more.
      if isNew, let image { try? await unbroken { try await hypervisor.deleteImage(image.name) } }
      throw error
    }
  }

  private func complete(_ guest: LockedGuest, _ image: Image?, reserving: () -> Void) async throws {
    let hypervisor = guest.hypervisor
    try await handOver(guest, image)
    reserving()
    try await guest.reserveAddresses()
    var record = record
    (record.image, record.imageDigest) = (image?.name, image?.digest)
    var definition = try definition(hypervisor.state, boot: image, record)
    if try await guest.definition().type == .qemu, definition.type == .kvm { emulate(&definition) }
    try await withContext("cannot define guest '\(guest.name)'") { [definition] in
      _ = try await hypervisor.defineWithVariables(definition)
    }
    guest.forget()
    if definition.hasFirmwareVariables { try await placeVariables(guest) }
    if let image { try guest.requireThere(image) }
    record.stage = .complete
    try await guest.write(record)
  }

  /// The image that holds what the guest boots, and whether it is a new one; nil where that is on its disks. One that is here
  /// already is taken.
  private func bootImage(_ guest: LockedGuest) async throws -> (image: Image?, isNew: Bool) {
    let boot = bootDirectory(of: guest)
    var files: [String: ImageRecord.File] = [:]
    for role in try FileTree.names(in: boot) { files[role] = try await ImageRecord.File(describing: role, in: boot) }
    defer { try? FileTree.remove(boot) }
    guard !files.isEmpty else { return (nil, false) }
    let images = guest.hypervisor.images
    // What else an image has is not for its guests.
    let isSame = { (image: Image) in
      image.record.kind == .kernel
        && [BootFiles.kernel, BootFiles.initramfs].allSatisfy { image.record.files[$0]?.sha256 == files[$0]?.sha256 }
    }
    if let image = try images.list().first(where: isSame) { return (image, false) }
    // Never a name by which somebody may ask for another image.
    let name = try images.freeName("\(guest.name.prefix(50))-boot")
    let made = try await images.make(name, rebuild: false) { [files] directory in
      for role in files.keys {
        try await Program("cp", package: "coreutils").run(
          ["--reflink=auto", "--", "\(boot)/\(role)", "\(directory)/\(role)"])
      }
      return ImageRecord(
        kind: .kernel, description: "what guest '\(guest.name)' boots, out of its archive",
        created: Date().formatted(.iso8601), sources: [], files: files,
        guest: ImageRecord.Guest(name: guest.name, uuid: guest.uuid))
    }
    guard isSame(made.image) else {
      throw NestorError(
        .busy, "cannot make the image '\(name)'", cause: "another program made one", hint: "run this again")
    }
    return (made.image, made.isNew)
  }

  /// Brings agent, key and settings to the guest.
  private func handOver(_ guest: LockedGuest, _ image: Image?) async throws {
    guard manifest.way != nil else { return }
    try await guest.provision { provisioning in
      let boot = manifest.way == .initramfs ? image : nil
      try provisioning.noteHandedOver(
        hasAgent: manifest.hasAgent,
        boot: try boot.map { (try $0.path(BootFiles.kernel), try $0.path(BootFiles.initramfs)) })
      guard isCopy else {
        try requireOwnKey(guest)
        // To cloud-init it is the machine that it was.
        if guest.name != portable.name.text { try provisioning.rename(to: guest.name) }
        return try await provisioning.refresh(agent: AgentProgram.find())
      }
      try FileTree.remove(guest.hypervisor.state.agentKey(guest.uuid))
      let delivery = try provisioning.delivery(
        name: guest.name, instance: guest.uuid, nics: identity.nics(portable.definition), agent: AgentProgram.find())
      if let delivery { try await provisioning.provision(delivery) }
    }
  }

  /// Refuses the key of another guest.
  private func requireOwnKey(_ guest: LockedGuest) throws {
    let path = guest.hypervisor.state.agentKey(guest.uuid)
    guard manifest.hasAgent else { return }
    let key = try? GuestKey(file: try FileTree.read(path, limit: GuestArchive.Limit.text))
    guard key?.guest == GuestUUID(guest.uuid) else {
      throw TarHeader.Refusal("'\(GuestArchive.key)' is not the key of this guest")
    }
  }

  /// Puts the firmware's variables where the guest's definition has them, in the format that it names.
  private func placeVariables(_ guest: LockedGuest) async throws {
    let definition = try await guest.definition()
    let source = variables(of: guest)
    if FileTree.exists(source) {
      let uri = try await guest.hypervisor.connection.uri()
      if let target = definition.firmwareVariablesFiles(uri: uri).first {
        try await place(source, as: target, definition, guest)
      }
      try FileTree.remove(source)
    }
    try await FirmwareVariables.make(for: definition, in: guest.directory)
  }

  /// Copies the file with the firmware's variables, which may be in either format, to a name that nothing has.
  private func place(
    _ source: String, as target: (path: String, format: Disk.Format), _ definition: DomainDefinition,
    _ guest: LockedGuest
  ) async throws {
    let format: Disk.Format = DiskFile.isQCOW2(source) ? .qcow2 : .raw
    if format == .qcow2 { try await DiskInspection.checkQCOW2(source, shown: GuestArchive.nvram) }
    let size = try await DiskFile.size(source, format)
    guard size <= GuestArchive.Limit.nvram else {
      throw TarHeader.Refusal(
        "'\(GuestArchive.nvram)' is a disk of more than \(GuestArchive.Limit.nvram >> 20) MiB, as no firmware's variables are"
      )
    }
    // QEMU would not start with it.
    if let template = definition.os.nvram?.template.flatMap(FileTree.resolved),
      let own = try? await DiskFile.size(template, definition.firmwareTemplateFormat), own != size
    {
      guest.hypervisor.warn(
        "guest '\(guest.name)' begins with new firmware variables: those of its firmware here have another size")
      return
    }
    let copy = try await DiskFile.flattened(
      source, format, snapshot: nil, in: FileTree.parent(of: target.path), as: target.format, isToBeNamed: true)
    try copy.link(as: target.path)
  }

  /// Warns of what the guest may lack here, or have in common with another one.
  func warn(_ guest: LockedGuest) async {
    let hypervisor = guest.hypervisor
    let networks = Set(portable.definition.devices.interfaces.compactMap(\.networkName))
    for network in networks.sorted() where (try? await hypervisor.connection.network(named: network)) == nil {
      hypervisor.warn("guest '\(guest.name)' starts once there is a network '\(network)', see nestor network create")
    }
    if manifest.autostart, !isCopy {
      hypervisor.warn(
        "guest '\(guest.name)' started with its container where it was, and does not here: nestor set \(guest.name)"
          + " --autostart yes")
    }
    if portable.definition.type == .qemu, await Acceleration.current(hypervisor.state).isUsable {
      hypervisor.warn(
        "guest '\(guest.name)' stays emulated, as it was, though KVM is usable here: change type and cpu by nestor edit"
          + " \(guest.name)")
    }
    guard isCopy else { return }
    let fixed = (try? guest.provisioning.fixedAddresses()) ?? []
    if !fixed.isEmpty {
      hypervisor.warn(
        "guest '\(guest.name)' has \(fixed.joined(separator: ", ")), as its networkConfig says: change that in it"
          + " before it runs beside '\(portable.name)'")
    }
    if !manifest.hasAgent {
      hypervisor.warn(
        "guest '\(guest.name)' keeps the machine ID of '\(portable.name)': it has no agent that could give it its own")
    }
  }
}
