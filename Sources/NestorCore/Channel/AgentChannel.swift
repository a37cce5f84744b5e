import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport

/// The way to the agent in a guest.
package struct AgentChannel: Sendable {
  let guest: Guest

  private var hypervisor: Hypervisor { guest.hypervisor }
  private var keyPath: String { hypervisor.state.agentKey(guest.uuid) }

  /// Whether the guest was given an agent of Nestor's.
  var isThere: Bool { FileTree.exists(keyPath) }

  /// Runs `body` with a session of the agent, on a thread of its own.
  ///
  /// While the agent cannot be reached, because the guest boots or wakes, it is tried again for up to `timeout`; one that
  /// has no room, or no key of its own yet, is waited for as long. What `body` began is never repeated. Throws
  /// ``NestorError``: `unsupported` where the guest has no agent of Nestor's, `invalidState` where it does not run,
  /// `timedOut` when nobody answered, `permissionDenied` when who answered does not have the guest's key, `unavailable` when
  /// the connection was lost in the middle. Cancelling the task ends the session.
  package func withSession<Value: Sendable>(
    timeout: Duration = .seconds(30), _ body: @escaping @Sendable (GuestSession) throws -> Value
  ) async throws -> Value {
    try await withSession(key: nil, timeout: timeout, body)
  }

  /// The same with a key that is not the guest's own, where there is one: that of the guest that it was copied from.
  func withSession<Value: Sendable>(
    key other: GuestKey?, timeout: Duration, _ body: @escaping @Sendable (GuestSession) throws -> Value
  ) async throws -> Value {
    try await hypervisor.requireLocal("talk to a guest")
    let key = try other ?? key()
    let deadline = Deadline(after: timeout)
    let interruption = try Interruption()
    try hypervisor.state.prepare()
    return try await withTaskCancellationHandler {
      var pause = Duration.milliseconds(20)
      while true {
        let problem: NestorError
        switch try await dial(key, timeout, interruption, body) {
        case .success(let value): return value
        case .failure(let error): problem = error
        }
        guard deadline.left > .zero else { throw problem }
        try await ContinuousClock().sleep(for: min(pause, deadline.left))
        pause = min(pause * 2, .milliseconds(250))
      }
    } onCancel: {
      interruption.raise()
    }
  }

  /// Tries once; a failure that is returned, not thrown, is one that may pass.
  private func dial<Value: Sendable>(
    _ key: GuestKey, _ timeout: Duration, _ interruption: Interruption,
    _ body: @escaping @Sendable (GuestSession) throws -> Value
  ) async throws -> Result<Value, NestorError> {
    let name = guest.name
    let dialer: GuestDialer
    do {
      dialer = GuestDialer(
        endpoint: try await endpoint(), key: key, state: hypervisor.state, interruption: interruption)
    } catch let error as NestorError where error.code == .busy {
      report("waiting: \(error.cause ?? error.message)")
      return .failure(error)
    }
    let outcome = await BlockingWork.run { dialer.run(body) }
    try Task.checkCancellation()
    switch outcome {
    case .ended(.success(let value)): return .success(value)
    case .ended(.failure(let error)):
      if error is CancellationError { throw error }
      throw NestorError(channel: error, guest: name)
    case .unauthenticated(let error):
      report("waiting: \(error.message)")
      return .failure(NestorError(channel: error, guest: name))
    case .busy(let reason):
      report("waiting: \(reason)")
      return .failure(
        NestorError(.busy, "cannot talk to guest '\(name)'", cause: reason, hint: "see who does: nestor ps \(name)"))
    case .unreachable(let error):
      report("waiting for its agent")
      let cause = NestorError(channel: error, guest: name).cause ?? "\(error)"
      return .failure(
        NestorError(
          .timedOut, "the agent of guest '\(name)' did not answer within \(timeout.components.seconds) s",
          cause: cause + guest.consoleTail, hint: "is it up? nestor logs \(name)"))
    }
  }

  func report(_ stage: String) { hypervisor.report(ProgressReport(guest.name, stage)) }

  /// The key that the agent was given.
  private func key() throws -> GuestKey {
    do {
      return try GuestKey(file: try FileTree.read(keyPath))
    } catch let error as SystemError where error.number == ENOENT || error.number == ENOTDIR {
      throw NestorError(
        .unsupported, "guest '\(guest.name)' has no agent of Nestor's", cause: "there is no key for it: \(keyPath)",
        hint: "Nestor gives one to each guest that it makes from a template with agent: {enabled: true}")
    } catch let error as SystemError {
      throw error.explained("cannot read the key of guest '\(guest.name)'", hint: "run as root")
    } catch {
      throw NestorError(
        .corrupted, "the key of guest '\(guest.name)' cannot be used", cause: "\(keyPath): \(error)")
    }
  }
}

extension Guest {
  /// The way to its agent.
  package var agent: AgentChannel { AgentChannel(guest: self) }
}
