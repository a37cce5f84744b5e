extension GuestTemplate {
  /// A device of the host that the guest owns.
  public struct HostDevice: Sendable, Equatable {
    /// Which device.
    public enum Source: Sendable, Equatable {
      /// A PCI device by its address, such as `0000:01:00.0`; the host must have bound it to vfio-pci.
      case pci(String)
      /// A vhost-scsi target by its WWPN, such as `naa.5001405c0ffee000`.
      case vhostSCSI(String)
    }

    /// Which device.
    public var source: Source
    /// Where the device is named.
    public var location: SourceLocation
  }
}
