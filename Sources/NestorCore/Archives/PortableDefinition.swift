import DomainXML
import GuestProtocol
import NestorSupport
import Templates

/// A guest's definition that holds on any machine: it names files of the guest's own directory alone, by the places below, and
/// has nothing by which a guest could reach another file, program or device of the machine that it comes to.
///
/// The same rules are for a guest that leaves, whose user is told at once what cannot come along, and for one that comes out
/// of an archive of which nobody knows who made it.
struct PortableDefinition: Sendable {
  /// A place in a definition, which stands for a directory.
  enum Place {
    /// The guest's own directory.
    static let guest = "@guest@"
    /// What the guest boots, where that is not in its directory.
    static let boot = "@boot@"
  }

  /// The definition, with places.
  let definition: DomainDefinition

  /// The guest's name, by which it goes unless it gets another.
  let name: GuestName
  /// The guest's UUID.
  let uuid: String

  /// Reads one out of an archive; throws ``DomainXMLError``, with the line.
  init(xml: [UInt8]) throws {
    let tree = try XMLTree(parsing: xml)
    try PortableDefinitionRules.check(tree)
    var definition = try DomainDefinition(xml: String(decoding: xml, as: UTF8.self))
    // Archives of earlier versions may ask for a format of these.
    definition.forgetChosenFirmware()
    try self.init(definition)
  }

  /// Makes one of the definition of a guest whose files are in a directory; throws ``DomainXMLError`` for what cannot come
  /// along.
  init(of definition: DomainDefinition, in directory: String) throws {
    var portable = definition
    portable.id = nil
    portable.devices.emulator = nil
    if var record = try? portable.guestRecord() {
      record.templateFile = nil
      portable.metadata[GuestRecord.namespace] = record.tree()
    }
    portable.forgetChosenFirmware()
    portable.unknown.unknownElements.removeAll { $0.name == "resource" }
    portable.securityLabels.removeAll { $0.type == "dynamic" }
    portable.forgetChosenSockets()
    for index in portable.devices.disks.indices {
      portable.devices.disks[index].backingChain = nil
      if portable.devices.disks[index].holdsMedium { portable.devices.disks[index].source = .file(nil) }
    }
    for index in portable.devices.interfaces.indices { portable.devices.interfaces[index].targetDevice = nil }
    let boot = BootFiles(portable, outside: directory)
    if boot.kernel != nil { portable.os.kernel = "\(Place.boot)/\(BootFiles.kernel)" }
    if boot.initramfs != nil { portable.os.initrd = "\(Place.boot)/\(BootFiles.initramfs)" }
    let text = try portable.xml().replacing("\(directory)/", with: "\(Place.guest)/")
    try self.init(xml: Array(text.utf8))
  }

  private init(_ definition: DomainDefinition) throws {
    do {
      name = try GuestName(definition.name)
    } catch {
      throw DomainXMLError(.invalidValue, error.message, path: "domain/name", hint: error.hint)
    }
    // Directories are named by it.
    guard let uuid = definition.uuid, GuestUUID(uuid)?.description == uuid else {
      throw DomainXMLError(.invalidValue, "the guest has no UUID, or not in small letters", path: "domain/uuid")
    }
    self.uuid = uuid
    self.definition = definition
    let files = definition.devices.disks.compactMap(\.source.path)
    guard Set(files).count == files.count else {
      throw DomainXMLError(.invalidValue, "two disks have one file", path: "domain/devices/disk")
    }
  }

  /// The disks that are in an archive, and the names of their files.
  var disks: [(file: String, disk: Disk)] {
    definition.devices.disks.compactMap { disk in
      guard disk.own == nil, let path = disk.source.path else { return nil }
      return (String(path.dropFirst(Place.guest.count + 1)), disk)
    }
  }

  /// Whether the guest boots what is not in its directory.
  var bootsFromOutside: Bool { definition.os.kernel?.hasPrefix(Place.boot) == true }

  /// The definition on a machine on which the guest's directory is this one, and what it boots lies there.
  func definition(in directory: String, boot: (kernel: String, initramfs: String?)?) throws -> DomainDefinition {
    let text = try definition.xml().replacing("\(Place.guest)/", with: "\(directory)/")
    var local = try DomainDefinition(xml: text)
    if bootsFromOutside {
      local.os.kernel = boot?.kernel
      local.os.initrd = local.os.initrd == nil ? nil : boot?.initramfs
    }
    return local
  }
}

extension DomainDefinition {
  /// Leaves the firmware and the place of its variables to libvirt, which chooses them for the machine.
  fileprivate mutating func forgetChosenFirmware() {
    guard os.firmware != nil else { return }
    (os.loader, os.nvram) = (nil, nil)
    for element in ["loader", "nvram"] { os.unknown.forget(element) }
  }
}

extension Disk {
  /// Whether it is a CD or floppy drive with something in it.
  var holdsMedium: Bool { [.cdrom, .floppy].contains(device) && source.path != nil }
}
