extension GuestTemplate {
  /// A device of the host that the guest owns.
  package struct HostDevice: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
      /// A PCI device by its address, such as `0000:01:00.0`; the host must have bound it to vfio-pci.
      case pci(String)
      /// A vhost-scsi target by its WWPN, such as `naa.5001405c0ffee000`.
      case vhostSCSI(String)
    }

    package var source: Source
    /// Where the device is named.
    package var location: SourceLocation
  }
}
