import DomainXML
import NestorSupport
import Templates

/// Decides which disks a guest gets, under which names, and which files are made for it.
struct DiskPlanner {
  /// The size of the disk that only holds the memory of snapshots; QEMU stores that behind the disk's own data.
  private static let memoryDiskSize: UInt64 = 1 << 20

  private let folder: String
  private(set) var newDisks: [GuestPlan.NewDisk] = []

  init(folder: String) {
    self.folder = folder
  }

  mutating func add(_ resolved: ResolvedTemplate, definition: inout DomainDefinition) throws {
    var counts: [String: Int] = [:]
    var threads = 0
    for (index, disk) in resolved.template.disks.enumerated() {
      let prefix = disk.bus == .scsi ? "sd" : "vd"
      let target = prefix + Self.letters(counts[prefix, default: 0])
      counts[prefix, default: 0] += 1
      var device = Disk(
        source: .file(try file(of: disk, index)), format: disk.format == .qcow2 ? .qcow2 : .raw, target: target,
        bus: disk.bus == .scsi ? .scsi : .virtio)
      device.cache = disk.cache == .default ? nil : Disk.Cache(rawValue: disk.cache.rawValue)
      device.discard = Disk.Discard(rawValue: disk.discard.rawValue)
      device.io = disk.io == .default ? nil : Disk.IO(rawValue: disk.io.rawValue)
      device.serial = disk.serial
      device.isReadOnly = disk.readOnly
      device.bootOrder = disk.bootOrder
      if disk.iothread {
        threads += 1
        device.ioThread = threads
      }
      definition.devices.disks.append(device)
    }
    definition.ioThreads = threads > 0 ? threads : nil
    if counts["sd"] != nil {
      definition.devices.controllers.append(Controller(type: "scsi", index: 0, model: "virtio-scsi"))
    }
    // libvirt keeps a snapshot's memory in a qcow2 disk, and refuses to take one of a guest that has none.
    let canHoldMemory = definition.devices.disks.contains { $0.format == .qcow2 && !$0.isReadOnly }
    if !canHoldMemory {
      let path = "\(folder)/memory.qcow2"
      newDisks.append(GuestPlan.NewDisk(path: path, size: Self.memoryDiskSize))
      definition.devices.disks.append(
        Disk(
          source: .file(path), format: .qcow2, target: "vd" + Self.letters(counts["vd", default: 0]),
          serial: "nestor-memory"))
    }
  }

  private mutating func file(of disk: GuestTemplate.Disk, _ index: Int) throws -> String {
    switch disk.source {
    case .path(let path): return path
    case .empty(let size):
      let path = "\(folder)/disk\(index).\(disk.format.rawValue)"
      newDisks.append(GuestPlan.NewDisk(path: path, size: size.bytes))
      return path
    case .image(let name, _):
      throw NestorError(
        .unsupported, "\(disk.location): a disk cannot be made from the image '\(name)'",
        cause: "the images of this version are kernels with an initramfs",
        hint: "name it as the template's `image:`, or give a disk file with `path:`")
    }
  }

  /// a to z, aa, ab and so on, as Linux names disks.
  static func letters(_ number: Int) -> String {
    var number = number
    var text = ""
    repeat {
      text = String(UnicodeScalar(UInt8(97 + number % 26))) + text
      number = number / 26 - 1
    } while number >= 0
    return text
  }
}
