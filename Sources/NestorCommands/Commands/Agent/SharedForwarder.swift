import GuestClient
import Synchronization

/// A forwarder that goes from one session's thread to the next one's.
// Safe: only run(over:events:) uses the forwarder, under a lock; the addresses never change.
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
