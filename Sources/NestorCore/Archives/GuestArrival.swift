import DomainXML
import FoundationEssentials
import NestorImages
import NestorSupport
import Templates

/// A guest that comes out of an archive: what that says of it before its files, and how those become its own.
struct GuestArrival: Sendable {
  let manifest: GuestArchive.Manifest
  let portable: PortableDefinition
  /// Its name and UUID here, beside those that it had.
  let identity: CloneIdentity
  let isCopy: Bool
  /// What Nestor knew of it, without what is of no use here.
  let record: GuestRecord

  /// Reads the beginning of an archive.
  init(_ archive: inout TarReader, as name: GuestName?, isCopy: Bool) async throws {
    let bytes = try await Self.text(GuestArchive.manifest, of: &archive)
    guard let manifest = try? JSONDecoder().decode(GuestArchive.Manifest.self, from: Data(bytes)) else {
      throw TarHeader.Refusal("its \(GuestArchive.manifest) cannot be read")
    }
    guard manifest.format <= GuestArchive.Manifest.currentFormat else {
      throw TarHeader.Refusal("a later version of nestor made it")
    }
    let xml = try await Self.text(GuestArchive.definition, of: &archive)
    do {
      portable = try PortableDefinition(xml: xml)
    } catch let refusal as DomainXMLError {
      throw TarHeader.Refusal("its \(GuestArchive.definition) is refused: \(refusal.reason)")
    }
    guard var record = try portable.definition.guestRecord() else {
      throw TarHeader.Refusal("its \(GuestArchive.definition) is not one of a guest that nestor made")
    }
    try Self.check(manifest, portable.definition)
    // It may be looked for as a template, and then it is no path.
    guard !record.template.contains("/"), !record.template.hasSuffix(".yaml") else {
      throw TarHeader.Refusal("its \(GuestArchive.definition) names a path as its template")
    }
    record.stage = .incomplete
    // These are of another machine.
    (record.templateFile, record.image, record.imageDigest, record.diskImages) = (nil, nil, nil, [:])
    if isCopy { (record.contextID, record.copiedFrom) = (nil, portable.name.text) }
    self.record = record
    self.manifest = manifest
    self.isCopy = isCopy
    identity = CloneIdentity(
      source: (portable.name.text, portable.uuid), name: (name ?? portable.name).text,
      uuid: isCopy ? Identifiers.randomUUID() : portable.uuid)
  }

  /// Refuses a guest of which the two say different things.
  private static func check(_ manifest: GuestArchive.Manifest, _ definition: DomainDefinition) throws {
    let (kernel, initramfs) = (definition.os.kernel ?? "", definition.os.initrd ?? "")
    let hasSeed = definition.devices.disks.contains { $0.own == .seed }
    let isOutside = [kernel, initramfs].allSatisfy { $0.isEmpty || $0.hasPrefix(PortableDefinition.Place.boot) }
    let isRight =
      switch manifest.way {
      case .initramfs:
        manifest.hasAgent && !hasSeed
          && [kernel, initramfs].allSatisfy { $0.hasPrefix(PortableDefinition.Place.guest) }
      case .seed: hasSeed && isOutside
      case nil: !hasSeed && !manifest.hasAgent && isOutside
      }
    guard isRight, initramfs.isEmpty || !kernel.isEmpty else {
      throw TarHeader.Refusal("its \(GuestArchive.manifest) and its \(GuestArchive.definition) contradict each other")
    }
  }

  private static func text(_ name: String, of archive: inout TarReader) async throws -> [UInt8] {
    guard try await archive.nextFile()?.name == name else {
      throw TarHeader.Refusal("it is no archive of a guest: there is no \(name) where it has to be")
    }
    return try await archive.content(limit: GuestArchive.Limit.text)
  }

  /// Its definition as long as its files are not there.
  func firstDefinition(by hypervisor: Hypervisor) async throws -> DomainDefinition {
    var definition = try definition(hypervisor.state, boot: nil, record)
    guard definition.type == .kvm else { return definition }
    let acceleration = await Acceleration.current(hypervisor.state)
    if !acceleration.isUsable {
      emulate(&definition)
      hypervisor.warn("guest '\(identity.name)' is emulated here: \(acceleration.explanation)")
    }
    return definition
  }

  func definition(
    _ state: StateDirectory, boot: Image?, _ record: GuestRecord
  ) throws -> DomainDefinition {
    let directory = state.guest(portable.uuid)
    let files = try boot.map { image in
      (kernel: try image.path(BootFiles.kernel), initramfs: try? image.path(BootFiles.initramfs))
    }
    var definition = try portable.definition(
      in: directory,
      boot: files ?? (kernel: "\(directory)/\(BootFiles.kernel)", initramfs: "\(directory)/\(BootFiles.initramfs)"))
    if isCopy { return try identity.definition(definition, record: record) }
    // What has random numbers of its own shall not use those again that it used where it was.
    if definition.generationID != nil { definition.generationID = .automatic }
    definition.rename(from: portable.name.text, to: identity.name)
    definition.metadata[GuestRecord.namespace] = record.tree()
    return definition
  }

  /// Refuses a definition that libvirt has read in another way than ``PortableDefinition`` has: what counts is what libvirt
  /// knows of the guest now.
  func requireSame(_ guest: LockedGuest) async throws {
    let read: PortableDefinition
    do {
      read = try PortableDefinition(of: try await guest.definition(), in: guest.directory)
    } catch var refusal as DomainXMLError {
      refusal.line = nil
      throw TarHeader.Refusal("its \(GuestArchive.definition) is refused: \(refusal.reason)")
    }
    let disks = [portable, read].map { $0.disks.map { [$0.file, $0.disk.format?.rawValue ?? "raw"] } }
    guard disks[0] == disks[1], try await guest.record()?.stage == .incomplete,
      read.definition.hasFirmwareVariables == portable.definition.hasFirmwareVariables,
      read.definition.devices.interfaces.count == portable.definition.devices.interfaces.count
    else { throw TarHeader.Refusal("libvirt reads its \(GuestArchive.definition) in another way") }
  }

  /// Has it emulated, on a machine without KVM.
  func emulate(_ definition: inout DomainDefinition) {
    definition.type = .qemu
    // Of the processor that it had, only the shape can be emulated.
    let topology = definition.cpu?.topology
    definition.cpu = .emulated
    definition.cpu?.topology = topology
  }
}
