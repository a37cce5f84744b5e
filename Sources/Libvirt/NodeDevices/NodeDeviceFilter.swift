import CLibvirt

/// Which of the host's devices a list holds; nothing set means all that are active, see
/// https://libvirt.org/html/libvirt-libvirt-nodedev.html#virConnectListAllNodeDeviceFlags.
public struct NodeDeviceFilter: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The host itself.
  public static let system = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_SYSTEM)
  /// PCI devices.
  public static let pci = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV)
  /// USB devices.
  public static let usbDevice = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_DEV)
  /// Interfaces of USB devices.
  public static let usbInterface = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_INTERFACE)
  /// Network interfaces.
  public static let networkInterface = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET)
  /// SCSI hosts.
  public static let scsiHost = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_HOST)
  /// SCSI targets.
  public static let scsiTarget = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_TARGET)
  /// SCSI devices.
  public static let scsi = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI)
  /// Disks.
  public static let storage = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_STORAGE)
  /// Fibre Channel hosts.
  public static let fibreChannelHost = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_FC_HOST)
  /// What can make virtual Fibre Channel ports.
  public static let virtualPorts = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_VPORTS)
  /// SCSI generic devices.
  public static let scsiGeneric = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_GENERIC)
  /// Graphics (DRM) devices.
  public static let drm = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_DRM)
  /// What can make mediated devices.
  public static let mediatedDeviceTypes = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV_TYPES)
  /// Mediated devices.
  public static let mediatedDevice = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV)
  /// vDPA devices.
  public static let vdpa = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_VDPA)
  /// PCI devices with vital product data.
  public static let vitalProductData = Self(VIR_CONNECT_LIST_NODE_DEVICES_CAP_VPD)
  /// Those that are defined and not active.
  public static let inactive = Self(VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE)
  /// Those that are active.
  public static let active = Self(VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE)
}
