import GuestClient
import GuestProtocol
import GuestTransport
import NestorSupport

extension Guest {
  /// Waits until a guest's agent says that a goal is reached; returns what showed it.
  ///
  /// A session that is lost meanwhile, as when the guest starts anew, is opened again.
  func reachByAgent(_ goal: WaitGoal) async throws -> String {
    while true {
      do {
        return try await session(for: goal)
      } catch let error as NestorError where error.code == .unavailable || error.code == .timedOut {
        agent.report("\(goal.stage), which does not answer at the moment")
        try await ContinuousClock().sleep(for: .milliseconds(200))
      }
    }
  }

  private func session(for goal: WaitGoal) async throws -> String {
    switch goal {
    case .agent: return try await agent.withSession(timeout: .seconds(3600)) { $0.terms.peerProgram }
    case .ready:
      return try await watching(cloudInit: false) { state in
        state.isReady ? (state.manager == "none" ? "ready" : state.manager) : nil
      }
    case .cloudInit: return try await cloudInitResult()
    case .file(let path):
      return try await asking(path) { try $0.stat(Array(path.utf8)).exists }
    case .port(let port):
      var target = ForwardTarget()
      target.host = "localhost"
      target.port = UInt32(port)
      return try await asking("\(port)") { [target] in try $0.answers(target) }
    case .command(let line):
      var request = ExecRequest()
      request.arguments = ["/bin/sh", "-c", line].map { Array($0.utf8) }
      return try await asking(line) { [request] session in
        let status = try session.exec(request, ExecStreams(input: .none, output: .discard, errors: .discard))
        return status.signal == 0 && status.code == 0
      }
    case .ssh: return try await sshBanner()
    case .running, .off, .console, .address:
      throw NestorError(.failed, "the agent of guest '\(name)' cannot tell whether it got there")
    }
  }

  /// Asks over one session, twice a second, until the answer is yes.
  private func asking(
    _ sign: String, _ question: @escaping @Sendable (GuestSession) throws -> Bool
  ) async throws -> String {
    while true {
      if try await agent.withSession(timeout: .seconds(3600), question) { return sign }
      try await ContinuousClock().sleep(for: .milliseconds(300))
    }
  }

  /// Is told of each change of the guest's system until `found` answers.
  private func watching(
    cloudInit: Bool, _ found: @escaping @Sendable (SystemState) throws -> String?
  ) async throws -> String {
    try await agent.withSession(timeout: .seconds(3600)) { session in
      var sign: String?
      try session.watch(cloudInit: cloudInit) { state in
        sign = try found(state)
        let system = state.manager == "none" ? "" : "its system is \(state.manager)"
        agent.report(cloudInit ? "cloud-init: \(state.cloudInit)" : "waiting: \(system)")
        return sign == nil
      }
      guard let sign else { throw SessionEnd.peerGone }
      return sign
    }
  }

  private func cloudInitResult() async throws -> String {
    try await watching(cloudInit: true) { state in
      switch state.cloudInit {
      case "done": return "done"
      case "degraded":
        for text in state.cloudInitErrors { hypervisor.warn("cloud-init in guest '\(name)': \(text)") }
        return "degraded"
      case "disabled", "none":
        throw NestorError(
          .unsupported, "guest '\(name)' has no cloud-init to wait for", cause: "it is \(state.cloudInit)")
      case "error":
        throw NestorError(
          .failed, "cloud-init failed in guest '\(name)'", cause: state.cloudInitErrors.joined(separator: "; "),
          hint: "nestor exec \(name) -- cat /var/log/cloud-init.log")
      default: return nil
      }
    }
  }

  /// Waits for the line with which SSH servers begin, over vsock where systemd listens there, else at the guest's address.
  private func sshBanner() async throws -> String {
    while true {
      if let contextID = try await agent.endpointInTime().contextID {
        let address = VsockSocket.Address(contextID: contextID, port: SSHBanner.port)
        let banner = await BlockingWork.run { SSHBanner.read(from: address, timeout: .seconds(3)) }
        if let banner { return "\(address): \(banner)" }
      }
      if let address = try await address() {
        let banner = await BlockingWork.run { SSHBanner.read(from: address, timeout: .seconds(3)) }
        if let banner { return "\(address): \(banner)" }
      }
      try await ContinuousClock().sleep(for: .milliseconds(300))
    }
  }
}
