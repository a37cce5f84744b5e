/// All that is known of one guest.
package struct GuestInfo: Sendable, Equatable, Codable {
  /// A disk of a guest.
  package struct Disk: Sendable, Equatable, Codable {
    /// The name by which it is attached, such as `vda`.
    package var target: String
    /// Its file; nil for an empty drive.
    package var source: String?
    package var format: String?
  }

  /// A NIC of a guest.
  package struct Interface: Sendable, Equatable, Codable {
    /// What it is attached to, such as `network default`.
    package var source: String
    /// Its MAC address.
    package var mac: String?
    /// Its addresses, as the DHCP server of libvirt's network knows them.
    package var addresses: [String]
  }

  /// The guest's name.
  package var name: String
  package var uuid: String
  /// What it does at the moment.
  package var status: GuestStatus
  /// How it came to that, in libvirt's words; of a guest that stands still for another nestor, what that does.
  package var reason: String
  /// How many CPUs it has.
  package var cpus: Int
  /// Its memory in bytes.
  package var memory: UInt64
  /// `kvm`, or `tcg` where the processor is emulated.
  package var accelerator: String
  /// Whether it starts with libvirt.
  package var autostart: Bool
  /// The template it was made from; nil where Nestor did not make it.
  package var template: String?
  /// The template's parameters.
  package var parameters: [String: String]
  /// The image it was made from.
  package var image: String?
  /// The name that the guest had of which it is a copy; nil where it is none.
  package var copiedFrom: String?
  package var disks: [Disk]
  /// Its NICs.
  package var interfaces: [Interface]
  /// Its vsock CID.
  package var cid: UInt32?
  /// The file of its console's log.
  package var consoleLog: String?
  /// The folder of its files; nil where Nestor did not make it.
  package var directory: String?
}
