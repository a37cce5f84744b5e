import DomainXML
import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import Libvirt
import LibvirtFailures
import NestorSupport

extension Hypervisor {
  /// Runs `body` with a session of a guest's agent, on a thread of its own.
  ///
  /// While the agent cannot be reached, since the guest boots or wakes, it is tried again for up to `timeout` seconds; one
  /// that has no room is waited for as long. What `body` began is never repeated. Throws a ``NestorError``: `unsupported`
  /// where the guest has no agent of Nestor's, `invalidState` where it does not run, `timedOut` when nobody answered,
  /// `unavailable` when the connection was lost in the middle. Cancelling the task ends the session.
  public func withSession<Value: Sendable>(
    _ name: String, timeout: Double = 30, _ body: @escaping @Sendable (GuestSession) throws -> Value
  ) async throws -> Value {
    try await withSession(name, key: nil, timeout: timeout, body)
  }

  /// The same with a key that is not the guest's own, where there is one: that of the guest that it was copied from.
  func withSession<Value: Sendable>(
    _ name: String, key other: GuestKey?, timeout: Double, _ body: @escaping @Sendable (GuestSession) throws -> Value
  ) async throws -> Value {
    try await requireLocal("talk to a guest")
    let domain = try await domain(name)
    let key = try other ?? key(of: domain)
    let deadline = Deadline(seconds: timeout)
    let interruption = try Interruption()
    try state.prepare()
    return try await withTaskCancellationHandler {
      var pause = Duration.milliseconds(20)
      while true {
        let problem: NestorError
        switch try await dial(domain, key, timeout, interruption, body) {
        case .success(let value): return value
        case .failure(let error): problem = error
        }
        guard deadline.secondsLeft > 0 else { throw problem }
        try await ContinuousClock().sleep(for: min(pause, .seconds(deadline.secondsLeft)))
        pause = min(pause * 2, .milliseconds(250))
      }
    } onCancel: {
      interruption.raise()
    }
  }

  /// Tries once; a failure that is returned, not thrown, is one that may pass.
  private func dial<Value: Sendable>(
    _ domain: Domain, _ key: GuestKey, _ timeout: Double, _ interruption: Interruption,
    _ body: @escaping @Sendable (GuestSession) throws -> Value
  ) async throws -> Result<Value, NestorError> {
    let dialer: GuestDialer
    do {
      dialer = GuestDialer(
        endpoint: try await endpoint(of: domain), key: key, state: state, interruption: interruption)
    } catch let error as NestorError where error.code == .busy {
      report(ProgressReport(domain.name, "waiting: \(error.cause ?? error.message)"))
      return .failure(error)
    }
    let outcome = await BlockingWork.run { dialer.run(body) }
    try Task.checkCancellation()
    switch outcome {
    case .ended(.success(let value)): return .success(value)
    case .ended(.failure(let error)):
      if error is CancellationError { throw error }
      throw NestorError(channel: error, guest: domain.name)
    case .busy(let reason):
      report(ProgressReport(domain.name, "waiting: \(reason)"))
      return .failure(
        NestorError(
          .busy, "cannot talk to guest '\(domain.name)'", cause: reason,
          hint: "see who does: nestor ps \(domain.name)"))
    case .unreachable(let error):
      report(ProgressReport(domain.name, "waiting for its agent"))
      return .failure(
        NestorError(
          .timedOut, "the agent of guest '\(domain.name)' did not answer within \(Int(timeout)) s",
          cause:
            "\(NestorError(channel: error, guest: domain.name).cause ?? "\(error)")\(Guest(hypervisor: self, domain: domain).consoleTail)",
          hint: "is it up? nestor logs \(domain.name)"))
    }
  }

  /// A connection to the SSH server that a guest's systemd has on vsock, from version 256 on; nil where nobody answers there.
  public func vsockSSHServer(of name: String) async throws -> ByteStream? {
    try await requireLocal("talk to a guest")
    guard let contextID = try await endpointInTime(of: try await domain(name)).contextID else { return nil }
    let address = VsockSocket.Address(contextID: contextID, port: SSHBanner.port)
    // A guest without it refuses at once.
    return await BlockingWork.run { try? VsockSocket.connect(address, milliseconds: 2_000) }
  }

  /// What to wait for after a guest's start: that it is up, where its console or its agent can say so, else that it runs.
  public func goalOfStart(of name: String) async throws -> WaitGoal {
    let domain = try await domain(name)
    if try await record(of: domain)?.readyLine != nil { return .ready }
    return FileTree.exists(state.agentKey(domain.uuid)) ? .ready : .running
  }

  /// Where the agent of a running guest is reached, after another program's work for which it stands still.
  func endpointInTime(of domain: Domain) async throws -> GuestEndpoint {
    while true {
      do {
        return try await endpoint(of: domain)
      } catch let error as NestorError where error.code == .busy {
        report(ProgressReport(domain.name, "waiting: \(error.cause ?? error.message)"))
        try await ContinuousClock().sleep(for: .milliseconds(100))
      }
    }
  }

  /// Where the agent of a running guest is reached; throws `busy` while it stands still for another program's work.
  private func endpoint(of domain: Domain) async throws -> GuestEndpoint {
    switch try await status(of: domain, record: nil) {
    case .running, .blocked, .shuttingDown: break
    case .paused:
      if let work = workOfOthers(on: domain) {
        throw NestorError(
          .busy, "guest '\(domain.name)' stands still for a moment", cause: work, hint: "run this again after that")
      }
      // Whoever let it stand still may have died, or let it run on since.
      await endCutOff(of: domain)
      guard try await status(of: domain, record: nil) == .paused else { return try await endpoint(of: domain) }
      // Another command may be letting it run on, or libvirt's daemon be at it still.
      if let work = notedWork(on: domain) {
        throw NestorError(
          .busy, "guest '\(domain.name)' was left standing still", cause: work,
          hint: "let it run on: nestor resume \(domain.name)")
      }
      throw NestorError(
        .invalidState, "guest '\(domain.name)' is suspended", hint: "nestor resume \(domain.name)")
    default:
      throw NestorError(
        .invalidState, "guest '\(domain.name)' is not running", hint: "start it: nestor start \(domain.name)")
    }
    return try await explaining("cannot read the devices of guest '\(domain.name)'") {
      GuestEndpoint(try DomainDefinition(xml: try await domain.xml()), uuid: domain.uuid)
    }
  }

  /// The key that a guest's agent was given.
  private func key(of domain: Domain) throws -> GuestKey {
    let path = state.agentKey(domain.uuid)
    do {
      return try GuestKey(file: try FileTree.read(path))
    } catch let error as SystemError where error.number == ENOENT || error.number == ENOTDIR {
      throw NestorError(
        .unsupported, "guest '\(domain.name)' has no agent of Nestor's", cause: "there is no key for it: \(path)",
        hint: "Nestor gives one to each guest that it makes from a template with agent: {enabled: true}")
    } catch let error as SystemError {
      throw error.explained("cannot read the key of guest '\(domain.name)'", hint: "run as root")
    } catch {
      throw NestorError(.corrupted, "the key of guest '\(domain.name)' cannot be used", cause: "\(path): \(error)")
    }
  }
}
