import Glibc
import GuestProtocol

/// Connects to the first of several addresses that answers, without blocking.
final class SocketConnector {
  /// How far it is.
  enum Outcome {
    /// Poll the descriptor for writing, or call again at the moment of ``SocketConnector/deadline``.
    case underway
    /// Connected; the descriptor is the caller's from now on.
    case connected(Int32)
    /// No address answered.
    case failed(ProtocolError)
  }

  /// How long all of the addresses together have.
  static let limit = Duration.seconds(10)
  private static let retryAfter = Duration.milliseconds(20)
  /// The descriptor to poll for writing, or -1.
  private(set) var descriptor: Int32 = -1
  private var addresses: ArraySlice<SocketTarget>
  private let name: String
  private let end = Instant.now + SocketConnector.limit
  private var retry: Instant?
  private var problem: Int32 = ECONNREFUSED

  init(_ target: ForwardTarget) throws(OperationFailure) {
    addresses = try SocketTarget.resolve(target)[...]
    name =
      target.path.isEmpty ? "port \(target.port) of \(target.host)" : "the socket '\(CopyPath.shown(target.path))'"
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// When to call again though nothing happened.
  var deadline: Instant { min(end, retry ?? .never) }

  /// Goes on, after the descriptor was ready or the deadline was reached.
  func proceed() -> Outcome {
    if descriptor >= 0, retry == nil {
      var entry = pollfd(fd: descriptor, events: Int16(truncatingIfNeeded: POLLOUT), revents: 0)
      guard poll(&entry, 1, 0) > 0 else { return Instant.now < end ? .underway : fail(ETIMEDOUT) }
      var number: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
      if number == 0 { return connected() }
      giveUp(number)
    }
    while let address = addresses.first {
      guard Instant.now < end else { return fail(ETIMEDOUT) }
      if descriptor < 0 { descriptor = address.makeSocket() }
      guard descriptor >= 0 else {
        problem = -descriptor
        descriptor = -1
        addresses = addresses.dropFirst()
        continue
      }
      let result = address.withAddress { connect(descriptor, $0, $1) } ?? -1
      retry = nil
      if result == 0 || errno == EISCONN { return connected() }
      switch errno {
      case EINPROGRESS, EINTR, EALREADY: return .underway
      // A unix socket whose queue is full, which poll(2) does not tell the end of.
      case EAGAIN:
        retry = Instant.now + Self.retryAfter
        return .underway
      default: giveUp(errno)
      }
    }
    return fail(problem)
  }

  private func giveUp(_ number: Int32) {
    problem = number
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    addresses = addresses.dropFirst()
  }

  private func connected() -> Outcome {
    defer { descriptor = -1 }
    return .connected(descriptor)
  }

  private func fail(_ number: Int32) -> Outcome {
    .failed(
      ProtocolError(
        number == ETIMEDOUT ? .timedOut : .system, "cannot connect to \(name) in the guest", number: number))
  }
}
