import CLibvirt

/// How a guest is asked to shut down or to reboot; nothing set leaves it to the driver, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainShutdownFlagValues.
public struct ShutdownMode: OptionSet, Sendable {
  /// The flags as libvirt takes them.
  public let rawValue: UInt32

  /// A set of libvirt's flags.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// By ACPI's power button.
  public static let acpiPowerButton = ShutdownMode(rawValue: UInt32(VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN.rawValue))
  /// By the QEMU guest agent.
  public static let guestAgent = ShutdownMode(rawValue: UInt32(VIR_DOMAIN_SHUTDOWN_GUEST_AGENT.rawValue))
  /// By the init of a container.
  public static let initctl = ShutdownMode(rawValue: UInt32(VIR_DOMAIN_SHUTDOWN_INITCTL.rawValue))
  /// By a signal to the init of a container.
  public static let signal = ShutdownMode(rawValue: UInt32(VIR_DOMAIN_SHUTDOWN_SIGNAL.rawValue))
  /// By the hypervisor's own means.
  public static let paravirt = ShutdownMode(rawValue: UInt32(VIR_DOMAIN_SHUTDOWN_PARAVIRT.rawValue))
}
