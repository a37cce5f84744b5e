import CLibvirt

/// What libvirt said when a call failed, see https://libvirt.org/html/libvirt-virterror.html#virError.
public struct LibvirtError: Error, Sendable, Equatable, CustomStringConvertible {
  /// How grave it is.
  public enum Level: Sendable, Equatable {
    /// Nothing was recorded.
    case none
    /// A warning.
    case warning
    /// An error.
    case error
    /// A level that this version does not know.
    case unknown(Int32)

    init(_ value: virErrorLevel) {
      self =
        switch value {
        case VIR_ERR_NONE: .none
        case VIR_ERR_WARNING: .warning
        case VIR_ERR_ERROR: .error
        default: .unknown(Int32(bitPattern: value.rawValue))
        }
    }
  }

  /// The kind of the failure.
  public let code: ErrorCode
  /// The part of libvirt that reported it.
  public let domain: ErrorDomain
  /// How grave it is.
  public let level: Level
  /// libvirt's own sentence.
  public let message: String
  /// The C function that failed.
  public let call: String

  /// Makes an error of its parts, for tests and for callers that stand in for libvirt.
  public init(code: ErrorCode, domain: ErrorDomain = .none, level: Level = .error, message: String, call: String) {
    self.code = code
    self.domain = domain
    self.level = level
    self.message = message
    self.call = call
  }

  /// The thread's last error. libvirt keeps one a thread, so this is called on the thread of the failed call, at once.
  init(last call: String) {
    self.call = call
    guard let error = virGetLastError() else {
      code = .none
      domain = .none
      level = .none
      message = "\(call) failed without saying why"
      return
    }
    code = ErrorCode(rawValue: error.pointee.code)
    domain = ErrorDomain(rawValue: error.pointee.domain)
    level = Level(error.pointee.level)
    message = error.pointee.message.map { String(cString: $0) } ?? "\(call) failed without saying why"
  }

  /// The sentence and the call.
  public var description: String { "\(message) (\(call))" }
}
