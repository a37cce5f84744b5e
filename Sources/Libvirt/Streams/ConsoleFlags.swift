import CLibvirt

/// How a console is opened, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainConsoleFlags.
public struct ConsoleFlags: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Even where another client has it open, who then loses it.
  public static let force = Self(VIR_DOMAIN_CONSOLE_FORCE)
  /// Only where the driver keeps two clients from opening it at once.
  public static let safe = Self(VIR_DOMAIN_CONSOLE_SAFE)
}
