import Glibc
import GuestProtocol
import GuestTransport
import NestorSupport

extension NestorError {
  /// A failure of a session with a guest's agent, as a user meets it.
  init(channel error: any Error, guest: String) {
    let message = "cannot talk to guest '\(guest)'"
    switch error {
    case let error as NestorError: self = error
    case let failure as OperationFailure: self.init(operation: failure.error, guest: guest)
    case let error as ProtocolError:
      switch error.code {
      case .authentication:
        self.init(
          .permissionDenied, message, cause: error.message,
          hint: "its agent has another key than this machine's Nestor: was its disk copied from another guest?")
      case .version:
        self.init(.unsupported, message, cause: error.message, hint: "update the older of the two")
      case .stopping, .silent: self.init(lost: error.message, guest)
      default: self.init(.failed, message, cause: "it breaks the protocol: \(error.message)")
      }
    case SessionEnd.peerGone: self.init(lost: "its agent ended, or the guest was stopped, reset or saved", guest)
    case SessionEnd.replaced:
      self.init(lost: "its agent was started anew, or the guest was put back to an earlier moment", guest)
    case SessionEnd.silent(let time):
      self.init(lost: "its agent said nothing for \(time.components.seconds) s", guest)
    case SessionEnd.interrupted: self.init(.interrupted, message, cause: "interrupted")
    case let error as TransportError: self.init(lost: "\(error)", guest)
    default: self.init(.failed, message, cause: "\(error)")
    }
  }

  private init(lost cause: String, _ guest: String) {
    self.init(
      .unavailable, "the connection to guest '\(guest)' was lost", cause: cause,
      hint: "what ran in it has been ended; run the command again")
  }

  private init(operation error: ProtocolError, guest: String) {
    let code: Code =
      switch error.code {
      case .notFound: .notFound
      case .timedOut: .timedOut
      case .unsupported, .version: .unsupported
      case .busy: .busy
      case .invalid, .malformed, .escape: .invalidArgument
      case .checksum: .corrupted
      case .system where error.number == EACCES || error.number == EPERM: .permissionDenied
      case .system where error.number == ENOENT: .notFound
      case .system where error.number == ENOSPC || error.number == EDQUOT: .noSpace
      default: .failed
      }
    let reason = error.number == 0 ? nil : SystemError("", number: error.number).reason
    self.init(code, "guest '\(guest)': \(error.message)", cause: reason)
  }
}
