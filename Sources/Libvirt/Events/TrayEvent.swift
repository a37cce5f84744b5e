import CLibvirt

/// A drive's tray was moved, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectDomainEventTrayChangeCallback.
public struct TrayEvent: Sendable, Hashable {
  /// Where it is now.
  public enum Position: Sendable, Hashable {
    /// Open.
    case open
    /// Closed.
    case closed
    /// Something that this version does not know.
    case unknown(Int32)
  }

  /// The drive's alias, as in the XML of the domain that runs.
  public let alias: String
  /// Where it is now.
  public let position: Position

  init(alias: UnsafePointer<CChar>?, reason: Int32) {
    self.alias = alias.map { String(cString: $0) } ?? ""
    position =
      switch virDomainEventTrayChangeReason(rawValue: UInt32(bitPattern: reason)) {
      case VIR_DOMAIN_EVENT_TRAY_CHANGE_OPEN: .open
      case VIR_DOMAIN_EVENT_TRAY_CHANGE_CLOSE: .closed
      default: .unknown(reason)
      }
  }
}
