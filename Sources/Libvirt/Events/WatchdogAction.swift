import CLibvirt

/// What happens to a domain whose watchdog fired, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainEventWatchdogAction.
public enum WatchdogAction: Sendable, Hashable {
  /// Nothing.
  case none
  /// Its CPUs stand still.
  case pause
  /// It is reset.
  case reset
  /// It ends.
  case powerOff
  /// It is asked to shut down.
  case shutdown
  /// Nothing but a message in the log.
  case debug
  /// It gets a non-maskable interrupt.
  case injectNMI
  /// Something that this version does not know.
  case unknown(Int32)

  init(_ number: Int32) {
    self =
      switch virDomainEventWatchdogAction(rawValue: UInt32(bitPattern: number)) {
      case VIR_DOMAIN_EVENT_WATCHDOG_NONE: .none
      case VIR_DOMAIN_EVENT_WATCHDOG_PAUSE: .pause
      case VIR_DOMAIN_EVENT_WATCHDOG_RESET: .reset
      case VIR_DOMAIN_EVENT_WATCHDOG_POWEROFF: .powerOff
      case VIR_DOMAIN_EVENT_WATCHDOG_SHUTDOWN: .shutdown
      case VIR_DOMAIN_EVENT_WATCHDOG_DEBUG: .debug
      case VIR_DOMAIN_EVENT_WATCHDOG_INJECTNMI: .injectNMI
      default: .unknown(number)
      }
  }
}
