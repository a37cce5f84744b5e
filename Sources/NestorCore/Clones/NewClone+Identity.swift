import DomainXML
import GuestClient
import GuestProtocol
import NestorSupport

extension NewClone {
  /// Has the agent in the copy, which woke as its source, make another guest of it; throws where it keeps an address or the
  /// key of its source.
  func giveIdentity(_ source: DomainDefinition) async throws {
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
    let (reply, kept) = try await guest.agent.withSession(key: old, timeout: .seconds(60)) { [request] session in
      // The identity is what matters.
      do { try session.setClockToNow() } catch { warn("the clock of guest '\(name)' may be behind: \(error)") }
      let inherited = InheritedAddresses(try session.report(), nics: request.interfaces.map(\.oldMAC))
      return (try session.resetIdentity(request), try inherited.leftAfter(.seconds(10)) { try session.report() })
    }
    let sourceName = identity.source.name
    guard reply.tookKey else {
      throw NestorError(
        .unsupported, "guest '\(name)' did not take a key of its own", cause: reply.problems.joined(separator: "; "),
        hint: "its agent is old: restart the source '\(sourceName)', which brings the present one")
    }
    guard kept.isEmpty else {
      throw NestorError(
        .unsupported, "guest '\(name)' keeps \(kept.joined(separator: ", ")) of its source '\(sourceName)'",
        cause: reply.problems.isEmpty
          ? "its system did not get it from a DHCP server" : reply.problems.joined(separator: "; "),
        hint: "copy the disks instead, and give each copy its own: nestor clone --full \(sourceName) NEW")
    }
    for problem in reply.problems { warn("guest '\(name)': \(problem)") }
  }
}
