import GuestClient
import Libvirt
import NestorSupport

extension Hypervisor {
  /// How long a guest's agent is waited for that is to freeze its file systems, in seconds.
  private static let freezePatience: Double = 30

  /// Runs `body` while the file systems of all of these guests are frozen by their agents; those that are off have none
  /// that could change.
  ///
  /// Throws where an agent cannot freeze, or thawed by itself before `body` was done.
  func frozen<Value: Sendable>(
    _ domains: [Domain], _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    guard let domain = domains.first else { return try await body() }
    let rest = Array(domains.dropFirst())
    switch try await status(of: domain, record: nil) {
    case .running: break
    case .paused:
      throw NestorError(
        .invalidState, "the file systems of guest '\(domain.name)' cannot be frozen: it stands still",
        hint: "let it run on: nestor resume \(domain.name)")
    default: return try await frozen(rest, body)
    }
    report(ProgressReport(domain.name, "freezing its file systems"))
    return try await guest(domain).agent.withSession(timeout: Self.freezePatience) { session in
      try session.freeze { _ in
        try AwaitedWork.run { try await self.frozen(rest, body) }
      }
    }
  }
}
