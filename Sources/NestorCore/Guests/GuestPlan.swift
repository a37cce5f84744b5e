import DomainXML
import NestorSupport
import Templates

/// A guest that is ready to be defined: the definition, and the files that it needs.
package struct GuestPlan: Sendable {
  /// A disk file to be made for the guest.
  package struct NewDisk: Sendable, Equatable {
    /// Where it will lie.
    package let path: String
    /// Its size in bytes, as the guest sees it.
    package let size: UInt64
    /// The qcow2 file that it is laid over; nil for an empty disk.
    package let base: String?
    /// Its format, which is qcow2 wherever there is a base.
    package var format = Disk.Format.qcow2
  }

  /// An address that a network's DHCP server is to keep for the guest.
  package struct Reservation: Sendable, Equatable {
    /// The network of libvirt.
    package let network: String
    /// The MAC address of the guest's NIC on it.
    package let mac: String
    /// The address, of IPv4.
    package let address: String
  }

  /// The guest's name.
  package let name: String
  /// The guest's UUID.
  package let uuid: String
  /// The domain, with the template's patches.
  package let definition: DomainDefinition
  /// What will be known of it.
  package let record: GuestRecord
  package let disks: [NewDisk]
  /// What it is handed besides its disks; nil where that is nothing.
  package let delivery: GuestDelivery?
  /// Sentences that the user should see although the guest can be made.
  package let warnings: [String]
  /// The addresses to reserve.
  package let reservations: [Reservation]
  /// Whether its processor is emulated instead of run by KVM.
  package let usesEmulation: Bool
  /// Whether it starts with the container.
  package let autostart: Bool

  /// The domain's XML.
  package var xml: String { get throws { try definition.xml() } }
}
