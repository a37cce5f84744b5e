import CLibvirt

/// Which count of virtual CPUs is meant, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainVcpuFlags.
public struct CPUCountFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The most that it may have.
  public static let maximum = Self(VIR_DOMAIN_VCPU_MAXIMUM)
  /// Those that the guest uses, by the QEMU guest agent.
  public static let guest = Self(VIR_DOMAIN_VCPU_GUEST)
  /// Those that are added may be taken away again.
  public static let hotpluggable = Self(VIR_DOMAIN_VCPU_HOTPLUGGABLE)
}
