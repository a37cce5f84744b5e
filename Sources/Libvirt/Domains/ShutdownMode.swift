import CLibvirt

/// How a guest is asked to shut down or to reboot; nothing set leaves it to the driver, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainShutdownFlagValues.
public struct ShutdownMode: FlagSet {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// By ACPI's power button.
  public static let acpiPowerButton = Self(VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN)
  /// By the QEMU guest agent.
  public static let guestAgent = Self(VIR_DOMAIN_SHUTDOWN_GUEST_AGENT)
  /// By the init of a container.
  public static let initctl = Self(VIR_DOMAIN_SHUTDOWN_INITCTL)
  /// By a signal to the init of a container.
  public static let signal = Self(VIR_DOMAIN_SHUTDOWN_SIGNAL)
  /// By the hypervisor's own means.
  public static let paravirt = Self(VIR_DOMAIN_SHUTDOWN_PARAVIRT)
}
