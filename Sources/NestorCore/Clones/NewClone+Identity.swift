import DomainXML
import GuestClient
import GuestProtocol
import NestorSupport

extension NewClone {
  /// Has the agent in the copy, which woke as its source, make another guest of it; throws where it keeps an address or the
  /// key of its source, or where its agent is not through in time.
  /// Returns what the copy said of itself before.
  func giveIdentity(_ source: DomainDefinition, timeout: Duration) async throws -> GuestReport {
    let state = guest.hypervisor.state
    let old = try GuestKey(file: try FileTree.read(state.agentKey(identity.source.uuid)))
    var request = IdentityRequest()
    request.hostname = SeedSettings.hostName(guest.name)
    request.resetsMachineID = true
    request.resetsHostKeys = true
    request.renewsNetwork = true
    request.seed = (0..<64).map { _ in UInt8.random(in: 0...255) }
    request.keyFile = try FileTree.read(state.agentKey(guest.uuid))
    request.interfaces = identity.nics(source).map { nic in
      var interface = InterfaceIdentity()
      (interface.oldMAC, interface.newMAC) = (nic.old, nic.new)
      return interface
    }
    let (name, warn) = (guest.name, guest.hypervisor.warn)
    let agent = guest.agent
    // An agent that does not answer at all is told of by the session.
    let outcome = try await Deadline(after: timeout + .seconds(1)).limit { [request] in
      try await agent.withSession(key: old, timeout: timeout) { session in
        // The identity is what matters.
        do { try session.setClockToNow() } catch { warn("the clock of guest '\(name)' may be behind: \(error)") }
        let first = try session.report()
        let inherited = InheritedAddresses(first, nics: request.interfaces.map(\.oldMAC))
        let reply = try session.resetIdentity(request)
        return (first, reply, try inherited.leftAfter(.seconds(10)) { try session.report() })
      }
    }
    let sourceName = identity.source.name
    guard let (first, reply, kept) = outcome else {
      throw NestorError(
        .timedOut, "guest '\(name)' did not take an identity of its own within \(timeout.components.seconds) s",
        cause: "its agent is still making keys, or waits for its network", hint: "give it longer with --timeout")
    }
    guard reply.tookKey else {
      throw NestorError(
        .unsupported, "guest '\(name)' did not take a key of its own", cause: reply.problems.joined(separator: "; "),
        hint: "its agent is old: restart the source '\(sourceName)', which brings the present one")
    }
    guard kept.isEmpty else {
      throw keeps(
        kept, of: sourceName,
        reply.problems.isEmpty
          ? "its system did not get it from a DHCP server" : reply.problems.joined(separator: "; "))
    }
    for problem in reply.problems { warn("guest '\(name)': \(problem)") }
    return first
  }

  /// The error of a copy that has addresses of its source's.
  func keeps(_ addresses: [String], of source: String, _ cause: String) -> NestorError {
    NestorError(
      .unsupported, "guest '\(guest.name)' keeps \(addresses.joined(separator: ", ")) of its source '\(source)'",
      cause: cause, hint: "copy the disks instead, and give each copy its own: nestor clone --full \(source) NEW")
  }
}
