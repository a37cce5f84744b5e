/// A disk, CD or floppy drive (https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).
public struct Disk: Sendable, Equatable {
  /// What the guest sees.
  public struct Device: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A disk.
    public static let disk = Self("disk")
    /// A CD drive.
    public static let cdrom = Self("cdrom")
    /// A floppy drive.
    public static let floppy = Self("floppy")
    /// A SCSI device of the host, commands and all.
    public static let lun = Self("lun")
  }

  /// How an image's bytes are laid out.
  public struct Format: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// QEMU's own format, with snapshots.
    public static let qcow2 = Self("qcow2")
    /// The disk's bytes as they are.
    public static let raw = Self("raw")
  }

  /// The bus that the guest finds the disk on.
  public struct Bus: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// virtio-blk.
    public static let virtio = Self("virtio")
    /// SCSI; with a controller of the model `virtio-scsi`, that.
    public static let scsi = Self("scsi")
    /// SATA.
    public static let sata = Self("sata")
    /// IDE, which q35 does not have.
    public static let ide = Self("ide")
    /// USB.
    public static let usb = Self("usb")
    /// The floppy controller.
    public static let fdc = Self("fdc")
  }

  /// How the host's page cache is used.
  public struct Cache: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Left to the hypervisor.
    public static let `default` = Self("default")
    /// Past the cache.
    public static let none = Self("none")
    /// Reads are cached; a write is done when it is on the disk.
    public static let writethrough = Self("writethrough")
    /// Reads and writes are cached.
    public static let writeback = Self("writeback")
    /// Past the cache, and a write is done when it is on the disk.
    public static let directsync = Self("directsync")
    /// Cached, and the guest's flushes are ignored: data is lost with the host's power.
    public static let unsafe = Self("unsafe")
  }

  /// How QEMU reads and writes.
  public struct IO: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A pool of threads.
    public static let threads = Self("threads")
    /// Linux's native asynchronous I/O; needs a cache mode that goes past the cache.
    public static let native = Self("native")
    /// io_uring.
    public static let ioUring = Self("io_uring")
  }

  /// What becomes of the guest's discards.
  public struct Discard: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// They free space in the image.
    public static let unmap = Self("unmap")
    /// They are ignored.
    public static let ignore = Self("ignore")
  }

  /// What the guest sees.
  public var device: Device
  /// Where the data lies.
  ///
  /// What was read of the old source and not known is forgotten when the type changes.
  public var source: DiskSource {
    didSet { if source.type != oldValue.type { unknown.forget("source") } }
  }
  /// How it is laid out; always name it, or libvirt takes an image for raw.
  public var format: Format?
  /// QEMU's driver; `qemu` where anything about the driver is written.
  public var driverName: String?
  /// How the host's page cache is used.
  public var cache: Cache?
  /// How QEMU reads and writes.
  public var io: IO?
  /// What becomes of discards.
  public var discard: Discard?
  /// Whether writes of zeros are turned into discards: `off`, `on` or `unmap`.
  public var detectZeroes: String?
  /// What the guest is told when the host fails to read or write: `stop`, `report`, `ignore`, `enospace`.
  public var errorPolicy: String?
  /// The number of the I/O thread that serves the disk, from 1; virtio-blk only.
  public var ioThread: Int?
  /// How many queues the guest sees.
  public var queues: Int?
  /// The images under this one; nil lets libvirt find them.
  public var backingChain: BackingChain?
  /// The name of the place in the guest, like `vda`; unique in a domain. It orders the disks, no more.
  public var target: String
  /// The bus; nil lets libvirt choose by the target's name.
  public var bus: Bus?
  /// Whether the guest cannot write.
  public var isReadOnly: Bool
  /// Whether several guests may write at once.
  public var isShareable: Bool
  /// Whether writes vanish when the guest ends.
  public var isTransient: Bool
  /// A serial number that the guest sees; virtio-blk shows 20 characters.
  public var serial: String?
  /// A World Wide Name of 16 hexadecimal digits; not for virtio-blk.
  public var wwn: String?
  /// The place in the boot order, from 1.
  public var bootOrder: Int?
  /// libvirt's name of the device; one that begins with `ua-` stays.
  public var alias: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes a disk.
  public init(
    device: Device = .disk, source: DiskSource, format: Format? = nil, target: String, bus: Bus? = .virtio,
    cache: Cache? = nil, io: IO? = nil, discard: Discard? = nil, detectZeroes: String? = nil,
    errorPolicy: String? = nil, ioThread: Int? = nil, queues: Int? = nil, backingChain: BackingChain? = nil,
    isReadOnly: Bool = false, isShareable: Bool = false, isTransient: Bool = false, serial: String? = nil,
    wwn: String? = nil, bootOrder: Int? = nil, alias: String? = nil
  ) {
    self.device = device
    self.source = source
    self.format = format
    driverName = format == nil ? nil : "qemu"
    self.target = target
    self.bus = bus
    self.cache = cache
    self.io = io
    self.discard = discard
    self.detectZeroes = detectZeroes
    self.errorPolicy = errorPolicy
    self.ioThread = ioThread
    self.queues = queues
    self.backingChain = backingChain
    self.isReadOnly = isReadOnly
    self.isShareable = isShareable
    self.isTransient = isTransient
    self.serial = serial
    self.wwn = wwn
    self.bootOrder = bootOrder
    self.alias = alias
  }

  /// A qcow2 image as a virtio-blk disk.
  public static func qcow2(_ path: String, target: String) -> Disk {
    Disk(source: .file(path), format: .qcow2, target: target)
  }

  /// An image on a CD drive, or an empty one.
  public static func cdrom(_ path: String?, target: String) -> Disk {
    Disk(device: .cdrom, source: .file(path), format: .raw, target: target, bus: .sata, isReadOnly: true)
  }
}
