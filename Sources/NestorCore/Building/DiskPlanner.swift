import DomainXML
import NestorImages
import NestorSupport
import Templates

/// Decides which disks a guest gets, under which names, and which files are made for it.
struct DiskPlanner {
  /// The size of the disk that only holds the memory of snapshots; QEMU stores that behind the disk's own data.
  static let memoryDiskSize: UInt64 = 1 << 20

  private let folder: String
  private let images: ImageStore
  private var counts: [String: Int] = [:]
  private(set) var newDisks: [GuestPlan.NewDisk] = []
  /// The digests of the images that disks are laid over, by their names.
  private(set) var imageDigests: [String: String] = [:]
  /// The image under the first of these disks.
  private(set) var firstImage: Image?

  init(folder: String, images: ImageStore) {
    self.folder = folder
    self.images = images
  }

  /// Adds the disk that a template's `image` is, if it is one, those of its `disks`, and what Nestor itself needs.
  mutating func add(_ resolved: ResolvedTemplate, image: Image?, definition: inout DomainDefinition) throws {
    let disks = resolved.template.disks
    if let image, image.record.kind == .disk {
      let location = resolved.location(of: "image")
      let path = "\(folder)/image.qcow2"
      newDisks.append(try overlay(path, on: image, size: nil, at: location))
      var device = Disk(source: .file(path), format: .qcow2, target: nextName("vd"))
      device.discard = .unmap
      // Once any device has a number, those without one are not booted from at all.
      let numbers = disks.compactMap(\.bootOrder) + resolved.template.networks.compactMap(\.bootOrder)
      device.bootOrder = numbers.max().map { $0 + 1 }
      definition.devices.disks.append(device)
    }
    var threads = 0
    for (index, disk) in disks.enumerated() {
      var device = Disk(
        disk, path: try file(of: disk, index), target: nextName(disk.bus == .scsi ? "sd" : "vd"))
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
      newDisks.append(GuestPlan.NewDisk(path: path, size: Self.memoryDiskSize, base: nil))
      definition.devices.disks.append(
        Disk(
          source: .file(path), format: .qcow2, target: nextName("vd"),
          serial: GuestTemplate.Disk.OwnSerial.memory.rawValue))
    }
  }

  /// Adds the disk from which cloud-init takes its settings; it comes last, so that the others keep their names.
  mutating func addSeed(_ path: String, definition: inout DomainDefinition) {
    definition.devices.disks.append(
      Disk(
        source: .file(path), format: .raw, target: nextName("vd"), isReadOnly: true,
        serial: GuestTemplate.Disk.OwnSerial.seed.rawValue))
  }

  private mutating func nextName(_ prefix: String) -> String {
    defer { counts[prefix, default: 0] += 1 }
    return prefix + Self.letters(counts[prefix, default: 0])
  }

  private mutating func file(of disk: GuestTemplate.Disk, _ index: Int) throws -> String {
    let path = "\(folder)/disk\(index).\(disk.format.rawValue)"
    switch disk.source {
    case .path(let path): return path
    case .empty(let size):
      newDisks.append(GuestPlan.NewDisk(path: path, size: size.bytes, base: nil, format: Disk.Format(disk.format)))
    case .image(let name, let size):
      do {
        newDisks.append(
          try overlay(path, on: try images.image(name), size: size, at: disk.location))
      } catch var error as NestorError where error.code == .notFound {
        error.message = "\(disk.location): \(error.message)"
        throw error
      }
    }
    return path
  }

  private mutating func overlay(
    _ path: String, on image: Image, size: ByteSize?, at location: SourceLocation
  ) throws -> GuestPlan.NewDisk {
    let disk = try GuestPlan.NewDisk(
      path, over: image, size: size, failure: "\(location): the disk cannot be made", isInTemplate: true)
    imageDigests[image.name] = image.digest
    firstImage = firstImage ?? image
    return disk
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
