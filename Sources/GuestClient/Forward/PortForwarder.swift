import GuestProtocol
import GuestTransport
import NestorSupport

/// Listens on this machine and carries what connects to places in a guest.
///
/// Listens from its making to its end; ``run(over:events:)`` may be called again with another session when one has ended,
/// and connections wait in between. Belongs to one thread.
package final class PortForwarder {
  /// From where to where.
  package struct Rule: Sendable {
    /// Where this machine listens.
    package var address: LocalAddress
    /// What connections are joined with in the guest.
    package var target: ForwardTarget

    package init(_ address: LocalAddress, to target: ForwardTarget) {
      (self.address, self.target) = (address, target)
    }
  }

  private let listeners: [LocalListener]
  private let targets: [ForwardTarget]

  /// Begins to listen; throws `NestorError` where that is not possible, or a target makes no sense.
  package init(_ rules: [Rule]) throws {
    for rule in rules {
      do {
        _ = try SocketTarget.resolve(rule.target)
      } catch {
        throw NestorError(
          .invalidArgument, "cannot forward \(rule.address)", cause: error.error.message,
          hint: "give an IP address of the guest or 'localhost' with a port, or the path of a unix socket")
      }
    }
    listeners = try rules.map { rule throws(NestorError) in try LocalListener(rule.address) }
    targets = rules.map(\.target)
  }

  /// Where it listens, in the order of the rules, with the ports that it got.
  package var addresses: [LocalAddress] { listeners.map(\.address) }

  /// Carries connections until the session ends or is interrupted, which it tells by throwing; never returns otherwise.
  ///
  /// `events` is called on this thread.
  package func run(over session: GuestSession, events: @escaping (ForwardEvent) -> Void = { _ in }) throws {
    try session.requireForward()
    try session.run(
      ForwardOperation(session.connection, zip(listeners, targets).map { ($0, $1) }, events))
  }
}

extension GuestSession {
  /// Joins two descriptors with a place in the guest, until that has ended and all it said was written; what is still
  /// to be read from `input` then is nobody's any more. When `input` ends, the guest is told and may go on.
  ///
  /// The descriptors stay the caller's and as they are. Throws `OperationFailure` where the guest could not connect.
  package func connect(to target: ForwardTarget, input: Int32, output: Int32) throws {
    try requireForward()
    _ = try SocketTarget.resolve(target)
    let work = ConnectOperation(connection, target, input: input, output: output)
    try run(work)
    if let failure = work.failure { throw OperationFailure(failure) }
  }

  func requireForward() throws(OperationFailure) {
    guard terms.features.contains(.forward) else {
      throw OperationFailure(.unsupported, "the guest's agent cannot forward connections")
    }
  }
}
