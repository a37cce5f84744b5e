import CLibvirt

/// Which of the host's devices a list holds; nothing set means all that are active, see
/// https://libvirt.org/html/libvirt-libvirt-nodedev.html#virConnectListAllNodeDeviceFlags.
public struct NodeDeviceFilter: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The host itself.
  public static let system = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_SYSTEM.rawValue))
  /// PCI devices.
  public static let pci = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV.rawValue))
  /// USB devices.
  public static let usbDevice = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_DEV.rawValue))
  /// Interfaces of USB devices.
  public static let usbInterface = NodeDeviceFilter(
    rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_USB_INTERFACE.rawValue))
  /// Network interfaces.
  public static let networkInterface = NodeDeviceFilter(
    rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET.rawValue))
  /// SCSI hosts.
  public static let scsiHost = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_HOST.rawValue))
  /// SCSI targets.
  public static let scsiTarget = NodeDeviceFilter(
    rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_TARGET.rawValue))
  /// SCSI devices.
  public static let scsi = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI.rawValue))
  /// Disks.
  public static let storage = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_STORAGE.rawValue))
  /// Fibre Channel hosts.
  public static let fibreChannelHost = NodeDeviceFilter(
    rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_FC_HOST.rawValue))
  /// What can make virtual Fibre Channel ports.
  public static let virtualPorts = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_VPORTS.rawValue))
  /// SCSI generic devices.
  public static let scsiGeneric = NodeDeviceFilter(
    rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_SCSI_GENERIC.rawValue))
  /// Graphics (DRM) devices.
  public static let drm = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_DRM.rawValue))
  /// What can make mediated devices.
  public static let mediatedDeviceTypes = NodeDeviceFilter(
    rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV_TYPES.rawValue))
  /// Mediated devices.
  public static let mediatedDevice = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV.rawValue))
  /// vDPA devices.
  public static let vdpa = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_VDPA.rawValue))
  /// PCI devices with vital product data.
  public static let vitalProductData = NodeDeviceFilter(
    rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_CAP_VPD.rawValue))
  /// Those that are defined and not active.
  public static let inactive = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE.rawValue))
  /// Those that are active.
  public static let active = NodeDeviceFilter(rawValue: UInt32(VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE.rawValue))
}
