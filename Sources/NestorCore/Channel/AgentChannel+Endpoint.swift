import DomainXML
import GuestTransport
import NestorSupport

extension AgentChannel {
  /// Where the agent of a running guest is reached, after another program's work for which it is paused.
  func endpointInTime() async throws -> GuestEndpoint {
    while true {
      do {
        return try await endpoint()
      } catch let error as NestorError where error.code == .busy {
        report("waiting: \(error.cause ?? error.message)")
        try await ContinuousClock().sleep(for: .milliseconds(100))
      }
    }
  }

  /// Where the agent of a running guest is reached; throws `busy` while it is paused for another program's work.
  func endpoint() async throws -> GuestEndpoint {
    let (name, domain) = (guest.name, guest.domain)
    let status = try await guest.status()
    switch status {
    case .running, .blocked, .shuttingDown: break
    case .paused:
      if let work = guest.workOfOthers() {
        throw NestorError(
          .busy, "guest '\(name)' stands still for a moment", cause: work, hint: "run this again after that")
      }
      // Whoever let it stand still may have died, or let it run on since.
      await guest.recoverUnlessLocked()
      guard try await guest.status() == .paused else { return try await endpoint() }
      // Another command may be letting it run on, or libvirt's daemon be at it still.
      if let work = guest.notedWork() {
        throw NestorError(
          .busy, "guest '\(name)' was left standing still", cause: work, hint: "let it run on: nestor resume \(name)")
      }
      throw NestorError(.invalidState, "guest '\(name)' is suspended", hint: "nestor resume \(name)")
    default:
      throw guest.notRunning(status)
    }
    return try await withContext("cannot read the devices of guest '\(name)'") {
      GuestEndpoint(try DomainDefinition(xml: try await domain.xml()), uuid: domain.uuid)
    }
  }

  /// A connection to the SSH server that a guest's systemd has on vsock, from version 256 on; nil where nobody answers there.
  package func vsockSSHServer() async throws -> ByteStream? {
    try await guest.hypervisor.requireLocal("talk to a guest")
    guard let contextID = try await endpointInTime().contextID else { return nil }
    let address = VsockSocket.Address(contextID: contextID, port: SSHBanner.port)
    // A guest without it refuses at once.
    return await BlockingWork.run { try? VsockSocket.connect(address, timeout: .seconds(2)) }
  }
}
