import DomainXML
import NestorSupport
import Templates

/// A guest that is ready to be defined: the definition, and the files that it needs.
public struct GuestPlan: Sendable {
  /// A disk file to be made for the guest.
  public struct NewDisk: Sendable, Equatable {
    /// Where it will lie.
    public let path: String
    /// Its size in bytes, as the guest sees it.
    public let size: UInt64
    /// The qcow2 file that it is laid over; nil for an empty disk.
    public let base: String?
    /// Its format, which is qcow2 wherever there is a base.
    public var format = Disk.Format.qcow2
  }

  /// An address that a network's DHCP server is to keep for the guest.
  public struct Reservation: Sendable, Equatable {
    /// The network of libvirt.
    public let network: String
    /// The MAC address of the guest's NIC on it.
    public let mac: String
    /// The address, of IPv4.
    public let address: String
  }

  /// The guest's name.
  public let name: String
  /// The guest's UUID.
  public let uuid: String
  /// The domain, with the template's patches.
  public let definition: DomainDefinition
  /// What will be known of it.
  public let record: GuestRecord
  /// The disks to make.
  public let disks: [NewDisk]
  /// What it is handed besides its disks; nil where that is nothing.
  public let delivery: GuestDelivery?
  /// Sentences that the user should see although the guest can be made.
  public let warnings: [String]
  /// The addresses to reserve.
  public let reservations: [Reservation]
  /// Whether its processor is emulated instead of run by KVM.
  public let usesEmulation: Bool
  /// Whether it starts with the container.
  public let autostart: Bool

  /// The domain's XML.
  public var xml: String { get throws { try definition.xml() } }
}
