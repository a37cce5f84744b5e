import CLibvirt

/// How a connection ended, see https://libvirt.org/html/libvirt-libvirt-common.html#virConnectCloseReason.
public enum ClosingReason: Sendable, Hashable, CustomStringConvertible {
  /// It did not end; the wait for its end was cancelled.
  case stillOpen
  /// ``Connection/close()`` was called.
  case byThisProgram
  /// An error of input or output.
  case error
  /// The daemon closed it, or ended.
  case endOfFile
  /// The daemon no longer answered.
  case keepAliveTimeout
  /// Something that this version does not know.
  case unknown(Int32)

  init(_ number: Int32) {
    self =
      switch virConnectCloseReason(rawValue: UInt32(bitPattern: number)) {
      case VIR_CONNECT_CLOSE_REASON_ERROR: .error
      case VIR_CONNECT_CLOSE_REASON_EOF: .endOfFile
      case VIR_CONNECT_CLOSE_REASON_KEEPALIVE: .keepAliveTimeout
      case VIR_CONNECT_CLOSE_REASON_CLIENT: .byThisProgram
      default: .unknown(number)
      }
  }

  /// The reason in words.
  public var description: String {
    switch self {
    case .stillOpen: "it is still open"
    case .byThisProgram: "this program closed it"
    case .error: "an error of input or output"
    case .endOfFile: "libvirtd closed it or ended"
    case .keepAliveTimeout: "libvirtd no longer answered"
    case .unknown(let number): "reason \(number)"
    }
  }
}
