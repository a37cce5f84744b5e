import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import Libvirt
import NestorSupport

extension Hypervisor {
  /// Waits until a guest's agent says that a goal is reached; answers with what showed it.
  ///
  /// A session that is lost meanwhile, as when the guest starts anew, is opened again.
  func reachByAgent(_ goal: WaitGoal, _ domain: Domain) async throws -> String {
    while true {
      do {
        return try await session(for: goal, domain)
      } catch let error as NestorError where error.code == .unavailable || error.code == .timedOut {
        report(ProgressReport(domain.name, "\(goal.stage), which does not answer at the moment"))
        try await ContinuousClock().sleep(for: .milliseconds(200))
      }
    }
  }

  private func session(for goal: WaitGoal, _ domain: Domain) async throws -> String {
    let name = domain.name
    switch goal {
    case .agent: return try await withSession(name, timeout: 3600) { $0.terms.peerProgram }
    case .ready:
      return try await watching(domain, cloudInit: false) { state in
        state.isReady ? (state.manager == "none" ? "ready" : state.manager) : nil
      }
    case .cloudInit: return try await cloudInitResult(of: domain)
    case .file(let path):
      return try await asking(domain, path) { try $0.stat(Array(path.utf8)).exists }
    case .port(let port):
      var target = ForwardTarget()
      target.host = "localhost"
      target.port = UInt32(port)
      return try await asking(domain, "\(port)") { [target] in try $0.answers(target) }
    case .command(let line):
      var request = ExecRequest()
      request.arguments = ["/bin/sh", "-c", line].map { Array($0.utf8) }
      return try await asking(domain, line) { [request] session in
        let status = try session.exec(request, ExecStreams(input: .none, output: .discard, errors: .discard))
        return status.signal == 0 && status.code == 0
      }
    case .ssh: return try await sshBanner(of: domain)
    case .running, .off, .console, .address:
      throw NestorError(.failed, "the agent of guest '\(name)' cannot tell whether it got there")
    }
  }

  /// Asks over one session, twice a second, until the answer is yes.
  private func asking(
    _ domain: Domain, _ sign: String, _ question: @escaping @Sendable (GuestSession) throws -> Bool
  ) async throws -> String {
    while true {
      if try await withSession(domain.name, timeout: 3600, question) { return sign }
      try await ContinuousClock().sleep(for: .milliseconds(300))
    }
  }

  /// Is told of each change of the guest's system until `found` answers.
  private func watching(
    _ domain: Domain, cloudInit: Bool, _ found: @escaping @Sendable (SystemState) throws -> String?
  ) async throws -> String {
    let (report, name) = (report, domain.name)
    return try await withSession(name, timeout: 3600) { session in
      var sign: String?
      try session.watch(cloudInit: cloudInit) { state in
        sign = try found(state)
        let system = state.manager == "none" ? "" : "its system is \(state.manager)"
        report(ProgressReport(name, cloudInit ? "cloud-init: \(state.cloudInit)" : "waiting: \(system)"))
        return sign == nil
      }
      guard let sign else { throw SessionEnd.peerGone }
      return sign
    }
  }

  private func cloudInitResult(of domain: Domain) async throws -> String {
    let name = domain.name
    return try await watching(domain, cloudInit: true) { state in
      switch state.cloudInit {
      case "done": return "done"
      case "degraded":
        for text in state.cloudInitErrors { self.warn("cloud-init in guest '\(name)': \(text)") }
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
  private func sshBanner(of domain: Domain) async throws -> String {
    while true {
      if let contextID = try await endpointInTime(of: domain).contextID {
        let address = VsockSocket.Address(contextID: contextID, port: SSHBanner.port)
        let banner = await BlockingWork.run { SSHBanner.read(from: address, milliseconds: 3_000) }
        if let banner { return "\(address): \(banner)" }
      }
      if let address = try await address(of: domain) {
        let banner = await BlockingWork.run { SSHBanner.read(from: address, milliseconds: 3_000) }
        if let banner { return "\(address): \(banner)" }
      }
      try await ContinuousClock().sleep(for: .milliseconds(300))
    }
  }
}
