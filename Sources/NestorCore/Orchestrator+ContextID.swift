import DomainXML
import Libvirt
import NestorSupport

extension Orchestrator {
  /// Starts a domain of Nestor's with a vsock context ID that is free, and defines it anew with another where its own is
  /// not. An ID that somebody takes between the look and the start is noticed by the failed start, and the next one tried.
  func startWithContextID(_ domain: Domain, _ choice: ContextIDChoice) async throws {
    var refused: Set<UInt32> = []
    while true {
      let cid = try await settleContextID(of: domain, choice, refused: refused)
      do {
        return try await domain.start()
      } catch let error as LibvirtError where Self.saysContextIDTaken(error) {
        guard let cid, refused.count < ContextIDChoice.attempts else { throw error }
        refused.insert(cid)
      }
    }
  }

  /// Whether a start failed since somebody else has the guest's context ID, in the words of libvirt or of QEMU.
  static func saysContextIDTaken(_ error: LibvirtError) -> Bool {
    error.message.contains("guest cid") && error.message.contains("in use")
  }

  /// Gives a domain that is off a free context ID; answers with it, or nil where it has no fixed one.
  private func settleContextID(
    of domain: Domain, _ choice: ContextIDChoice, refused: Set<UInt32>
  ) async throws -> UInt32? {
    let xml = try await domain.xml([.inactive, .secure])
    guard case .fixed(let current)? = try DomainDefinition(xml: xml).devices.vsock?.contextID else { return nil }
    guard let chosen = choice.choose(current: current, refused: refused) else {
      throw NestorError(
        .busy, "cannot start guest '\(domain.name)': its vsock context ID \(current) is taken",
        cause: "another guest of this host has it, maybe in another container",
        hint: choice.isPinned(current)
          ? "choose another in its template, vsock: {cid: …}, or leave the choice to Nestor with cid: auto" : nil)
    }
    guard chosen != current else { return current }
    let changed = try DomainXML.XMLPatch.apply(
      [DomainXML.XMLPatch(.set(String(chosen)), xpath: "/domain/devices/vsock/cid/@address")], to: xml)
    _ = try await connection.defineDomain(xml: changed)
    warn("guest '\(domain.name)' now has the vsock context ID \(chosen), since another guest has \(current)")
    return chosen
  }
}
