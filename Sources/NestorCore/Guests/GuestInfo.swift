/// All that is known of one guest.
public struct GuestInfo: Sendable, Equatable, Codable {
  /// A disk of a guest.
  public struct Disk: Sendable, Equatable, Codable {
    /// The name by which it is attached, such as `vda`.
    public var target: String
    /// Its file; nil for an empty drive.
    public var source: String?
    /// Its format.
    public var format: String?
  }

  /// A NIC of a guest.
  public struct Interface: Sendable, Equatable, Codable {
    /// What it is attached to, such as `network default`.
    public var source: String
    /// Its MAC address.
    public var mac: String?
    /// Its addresses, as the DHCP server of libvirt's network knows them.
    public var addresses: [String]
  }

  /// The guest's name.
  public var name: String
  /// Its UUID.
  public var uuid: String
  /// What it does at the moment.
  public var status: GuestStatus
  /// How it came to that, in libvirt's words; of a guest that stands still for another nestor, what that does.
  public var reason: String
  /// How many CPUs it has.
  public var cpus: Int
  /// Its memory in bytes.
  public var memory: UInt64
  /// `kvm`, or `tcg` where the processor is emulated.
  public var accelerator: String
  /// Whether it starts with libvirt.
  public var autostart: Bool
  /// The template it was made from; nil where Nestor did not make it.
  public var template: String?
  /// The template's parameters.
  public var parameters: [String: String]
  /// The image it was made from.
  public var image: String?
  /// The name that the guest had of which it is a copy; nil where it is none.
  public var copiedFrom: String?
  /// Its disks.
  public var disks: [Disk]
  /// Its NICs.
  public var interfaces: [Interface]
  /// Its vsock CID.
  public var cid: UInt32?
  /// The file of its console's log.
  public var consoleLog: String?
  /// The folder of its files; nil where Nestor did not make it.
  public var directory: String?
}
