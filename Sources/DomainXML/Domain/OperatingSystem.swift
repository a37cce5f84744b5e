/// What boots the guest and on which machine (https://libvirt.org/formatdomain.html#operating-system-booting).
public struct OperatingSystem: Sendable, Equatable {
  /// Firmware that libvirt chooses by itself.
  public struct Firmware: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// SeaBIOS.
    public static let bios = Self("bios")
    /// UEFI.
    public static let efi = Self("efi")
  }

  /// A feature that the firmware must or must not have.
  public struct FirmwareFeature: Sendable, Equatable {
    /// The name, like `secure-boot`.
    public var name: String
    /// Whether it must have it.
    public var isEnabled: Bool
    /// What was read and is not known here.
    public var unknown = UnknownXML()

    /// Makes one.
    public init(_ name: String, enabled: Bool) {
      self.name = name
      isEnabled = enabled
    }

    /// Whether the firmware verifies what it boots.
    public static func secureBoot(_ enabled: Bool) -> Self { Self("secure-boot", enabled: enabled) }
    /// Whether the vendor's keys are in it from the start.
    public static func enrolledKeys(_ enabled: Bool) -> Self { Self("enrolled-keys", enabled: enabled) }
  }

  /// A firmware image by path.
  public struct Loader: Sendable, Equatable {
    /// The image; nil where libvirt has yet to choose.
    public var path: String?
    /// Whether the guest cannot write to it.
    public var isReadOnly: Bool?
    /// Whether it needs SMM for secure boot.
    public var isSecure: Bool?
    /// Whether it keeps no variables.
    public var isStateless: Bool?
    /// `rom` or `pflash`.
    public var type: String?
    /// The image's format, `raw` or `qcow2`; libvirt 9.2 and later.
    public var format: String?

    /// Makes one.
    public init(
      path: String? = nil, isReadOnly: Bool? = nil, isSecure: Bool? = nil, isStateless: Bool? = nil,
      type: String? = nil, format: String? = nil
    ) {
      self.path = path
      self.isReadOnly = isReadOnly
      self.isSecure = isSecure
      self.isStateless = isStateless
      self.type = type
      self.format = format
    }
  }

  /// Where UEFI keeps its variables.
  public struct NVRAM: Sendable, Equatable {
    /// The file; nil where libvirt chooses.
    public var path: String?
    /// What it is copied from when it is not there.
    public var template: String?
    /// The template's format, `raw` or `qcow2`; nil where libvirt knows it, and before libvirt 10.10.
    public var templateFormat: String?
    /// Its format, `raw` or `qcow2`.
    public var format: String?

    /// Makes one.
    public init(
      path: String? = nil, template: String? = nil, templateFormat: String? = nil, format: String? = nil
    ) {
      self.path = path
      self.template = template
      self.templateFormat = templateFormat
      self.format = format
    }
  }

  /// A kind of device to boot from.
  public struct BootDevice: OpenEnum {
    /// The word as it stands in the XML.
    public let rawValue: String
    /// Takes the word as it stands in the XML.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A disk.
    public static let disk = Self("hd")
    /// A CD.
    public static let cdrom = Self("cdrom")
    /// The network.
    public static let network = Self("network")
    /// A floppy disk.
    public static let floppy = Self("fd")
  }

  /// `hvm` for every QEMU guest.
  public var type: String
  /// The architecture, like `x86_64`; nil for the host's.
  public var architecture: String?
  /// The machine, like `q35`; libvirt resolves it to a versioned one.
  public var machine: String?
  /// Firmware for libvirt to choose; nil for the machine's default, BIOS on q35.
  public var firmware: Firmware?
  /// What the firmware must have.
  public var firmwareFeatures: [FirmwareFeature]
  /// A firmware image by path.
  public var loader: Loader?
  /// Where UEFI keeps its variables.
  public var nvram: NVRAM?
  /// A kernel to boot without any firmware's help.
  public var kernel: String?
  /// Its initial RAM disk.
  public var initrd: String?
  /// Its command line.
  public var commandLine: String?
  /// Kinds of devices to boot from in order; not together with a device's own `bootOrder`.
  public var bootDevices: [BootDevice]
  /// Whether the firmware shows its boot menu.
  public var bootMenu: Bool?
  /// Where SMBIOS tables come from: `sysinfo`, `host` or `emulate`.
  public var smbiosMode: String?
  /// What was read and is not known here.
  public var unknown = UnknownXML()

  /// Makes one.
  public init(
    architecture: String? = nil, machine: String? = "q35", firmware: Firmware? = nil,
    firmwareFeatures: [FirmwareFeature] = [], loader: Loader? = nil, nvram: NVRAM? = nil, kernel: String? = nil,
    initrd: String? = nil, commandLine: String? = nil, bootDevices: [BootDevice] = [], bootMenu: Bool? = nil,
    smbiosMode: String? = nil, type: String = "hvm"
  ) {
    self.type = type
    self.architecture = architecture
    self.machine = machine
    self.firmware = firmware
    self.firmwareFeatures = firmwareFeatures
    self.loader = loader
    self.nvram = nvram
    self.kernel = kernel
    self.initrd = initrd
    self.commandLine = commandLine
    self.bootDevices = bootDevices
    self.bootMenu = bootMenu
    self.smbiosMode = smbiosMode
  }
}
