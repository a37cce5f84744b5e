/// Which hypervisor runs a domain: the `type` of `<domain>` (https://libvirt.org/formatdomain.html#element-and-attribute-overview).
public struct VirtualizationType: OpenEnum {
  /// The word as it stands in the XML.
  public let rawValue: String
  /// Takes the word as it stands in the XML.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// QEMU with the kernel's KVM.
  public static let kvm = Self("kvm")
  /// QEMU by itself, which translates the guest's code (TCG).
  public static let qemu = Self("qemu")
}
