import DomainXML
import Templates

extension Disk {
  /// A disk as a template describes it, but for its thread.
  init(_ disk: GuestTemplate.Disk, path: String, target: String) {
    self.init(
      source: .file(path), format: Format(disk.format), target: target, bus: disk.bus == .scsi ? .scsi : .virtio)
    cache = disk.cache == .default ? nil : Cache(rawValue: disk.cache.rawValue)
    discard = Discard(rawValue: disk.discard.rawValue)
    io = disk.io == .default ? nil : IO(rawValue: disk.io.rawValue)
    serial = disk.serial
    isReadOnly = disk.readOnly
    bootOrder = disk.bootOrder
  }
}

extension Disk.Format {
  /// The format as libvirt names it.
  init(_ format: GuestTemplate.Disk.Format) {
    switch format {
    case .qcow2: self = .qcow2
    case .raw: self = .raw
    }
  }
}

extension Disk {
  /// Which of Nestor's own disks it is; nil for the guest's.
  var own: GuestTemplate.Disk.OwnSerial? { serial.flatMap(GuestTemplate.Disk.OwnSerial.init(rawValue:)) }
}
