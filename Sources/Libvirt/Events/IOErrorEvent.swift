import CLibvirt

/// A disk's input or output failed on the host, see
/// https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectDomainEventIOErrorReasonCallback.
public struct IOErrorEvent: Sendable, Hashable {
  /// What libvirt does with the domain.
  public enum Action: Sendable, Hashable {
    /// Nothing.
    case none
    /// Its CPUs stand still.
    case pause
    /// The guest hears of the error.
    case report
    /// Something that this version does not know.
    case unknown(Int32)

    init(_ number: Int32) {
      self =
        switch virDomainEventIOErrorAction(rawValue: UInt32(bitPattern: number)) {
        case VIR_DOMAIN_EVENT_IO_ERROR_NONE: .none
        case VIR_DOMAIN_EVENT_IO_ERROR_PAUSE: .pause
        case VIR_DOMAIN_EVENT_IO_ERROR_REPORT: .report
        default: .unknown(number)
        }
    }
  }

  /// The file or device on the host; empty where libvirt does not say.
  public let path: String
  /// The disk's alias, as in the XML of the domain that runs.
  public let alias: String
  /// What libvirt does with the domain.
  public let action: Action
  /// What happened, such as `enospc`; empty where libvirt does not say.
  public let reason: String

  init(path: UnsafePointer<CChar>?, alias: UnsafePointer<CChar>?, action: Int32, reason: UnsafePointer<CChar>?) {
    self.path = path.map { String(cString: $0) } ?? ""
    self.alias = alias.map { String(cString: $0) } ?? ""
    self.action = Action(action)
    self.reason = reason.map { String(cString: $0) } ?? ""
  }
}
