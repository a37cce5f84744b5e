extension GuestTemplate {
  /// The virtual socket between guest and container, <https://libvirt.org/formatdomain.html#vsock>.
  public struct VirtualSocket: Sendable, Equatable {
    /// Whether the guest has one.
    public var enabled: AutomaticSwitch
    /// The guest's context id, 3 to 4294967294; `nil` lets Nestor choose a stable one.
    public var cid: UInt32?
  }

  /// The serial console.
  public struct Console: Sendable, Equatable {
    /// Whether all that the guest writes there is kept in a log file.
    public var log: Bool
  }

  /// The memory balloon, <https://libvirt.org/formatdomain.html#memory-balloon-device>.
  public struct Balloon: Sendable, Equatable {
    /// Whether the guest has one.
    public var enabled: Bool
    /// How often the guest tells of its memory, in seconds; 0 is never.
    public var statsPeriod: Int
  }

  /// The watchdog, <https://libvirt.org/formatdomain.html#watchdog-devices>.
  public struct Watchdog: Sendable, Equatable {
    /// The device that the guest sees.
    public enum Model: String, Sendable, CaseIterable {
      /// No watchdog.
      case none
      /// A PCI card that Linux drives by i6300esb.
      case i6300esb
      /// The one in the q35 chip set; needs libvirt 9.1.
      case itco
    }

    /// What happens when the guest stops answering.
    public enum Action: String, Sendable, CaseIterable {
      /// The guest is reset.
      case reset
      /// The guest is asked to shut down.
      case shutdown
      /// The guest is switched off.
      case poweroff
      /// The guest is suspended.
      case pause
      /// The guest's memory is dumped.
      case dump
      /// The guest gets an NMI.
      case injectNMI = "inject-nmi"
      /// Nothing but an event.
      case none
    }

    /// The device that the guest sees.
    public var model: Model
    /// What happens when the guest stops answering.
    public var action: Action
  }

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

  /// What the guest finds in its SMBIOS tables.
  public struct SMBIOS: Sendable, Equatable {
    /// The OEM strings (type 11), in order.
    public var oemStrings: [String]
  }

  /// How one sees that a guest is up.
  public struct Ready: Sendable, Equatable {
    /// A part of a line on the console that the guest prints when it is up; `nil` when there is none to wait for.
    public var console: String?
    /// How long to wait for it at most, in seconds.
    public var timeout: Int
  }
}
