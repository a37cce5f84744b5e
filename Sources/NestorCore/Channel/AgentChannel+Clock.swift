import Glibc
import GuestClient
import NestorSupport

extension AgentChannel {
  /// How long the agent is waited for that sets a guest's clock.
  private static let clockTimeout = Duration.seconds(5)

  /// Sets the clock of a running guest to that of this machine.
  ///
  /// Throws ``NestorError`` of code `invalidState` where the guest does not run, and what ``withSession(timeout:_:)`` throws
  /// where its agent does not answer.
  package func setClock() async throws {
    try await withSession(timeout: Self.clockTimeout) { try $0.setClockToNow() }
  }

  /// Sets the clock of a guest that has gone on from a moment that is past; warns where that cannot be done.
  func catchUpClock() async {
    guard isThere, (try? await guest.domain.state().status) == .running else { return }
    do {
      try await setClock()
    } catch {
      guest.hypervisor.warn("the clock of guest '\(guest.name)' may be behind: its agent could not set it")
    }
  }
}

extension Hypervisor {
  /// The names of the running guests whose clock an agent can set.
  package func guestsWithClock() async throws -> [String] {
    try await list().filter { $0.status == .running && FileTree.exists(state.agentKey($0.uuid)) }.map(\.name)
  }
}

extension GuestSession {
  /// Sets the guest's clock to that of this machine.
  func setClockToNow() throws {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    _ = try setClock(Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
  }
}
