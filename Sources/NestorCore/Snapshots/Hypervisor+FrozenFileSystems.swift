import GuestClient
import NestorSupport

extension Hypervisor {
  /// How long a guest's agent is waited for that is to freeze its file systems.
  private static let freezeTimeout = Duration.seconds(30)

  /// Runs `body` while the file systems of all of these guests are frozen by their agents; those that are off have none
  /// that could change.
  ///
  /// Throws where an agent cannot freeze, or thawed by itself before `body` was done.
  func withFileSystemsFrozen<Value: Sendable>(
    of guests: [Guest], _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    guard let guest = guests.first else { return try await body() }
    let rest = Array(guests.dropFirst())
    switch try await guest.status() {
    case .running: break
    case .paused:
      throw NestorError(
        .invalidState, "the file systems of guest '\(guest.name)' cannot be frozen: it stands still",
        hint: "let it run on: nestor resume \(guest.name)")
    default: return try await withFileSystemsFrozen(of: rest, body)
    }
    report(ProgressReport(guest.name, "freezing its file systems"))
    return try await guest.agent.withSession(timeout: Self.freezeTimeout) { session in
      try session.freeze { _ in
        try AwaitedWork.run { try await self.withFileSystemsFrozen(of: rest, body) }
      }
    }
  }
}
