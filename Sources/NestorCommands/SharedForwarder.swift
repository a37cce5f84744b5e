import GuestClient
import Synchronization

/// A forwarder that goes from one session's thread to the next one's.
///
/// @unchecked Sendable: only ``run(over:events:)`` uses it, under a lock, and ``addresses`` is read before the first.
final class SharedForwarder: @unchecked Sendable {
  /// Where it listens.
  let addresses: [LocalAddress]
  private let forwarder: PortForwarder
  private let isRunning = Mutex(())

  init(_ rules: [PortForwarder.Rule]) throws {
    forwarder = try PortForwarder(rules)
    addresses = forwarder.addresses
  }

  /// Carries connections until the session ends.
  func run(over session: GuestSession, events: @escaping (ForwardEvent) -> Void) throws {
    try isRunning.withLock { _ in try forwarder.run(over: session, events: events) }
  }
}
