import DomainXML
import Libvirt
import NestorSupport

extension LockedGuest {
  /// Has the guest, which is Nestor's, begin with a vsock CID that is free, which is written to where it begins from.
  ///
  /// One that somebody takes between the look and the start is noticed by the failed start, and the next one tried.
  func start(_ target: some StartTarget, _ choice: ContextIDChoice) async throws {
    var refused: Set<UInt32> = []
    var cid = try target.cid()
    while true {
      if let current = cid { cid = try await settleCID(current, choice, target, refused: refused) }
      do {
        return try await target.start()
      } catch let error as LibvirtError where Self.saysContextIDTaken(error) {
        guard let cid, refused.count < ContextIDChoice.attempts else { throw error }
        refused.insert(cid)
      }
    }
  }

  /// Whether a start failed because somebody else has the guest's CID, in the words of libvirt or of QEMU.
  private static func saysContextIDTaken(_ error: LibvirtError) -> Bool {
    error.message.contains("guest cid") && error.message.contains("in use")
  }

  /// Writes a free CID where the present one is not; returns the one that the guest begins with.
  private func settleCID<Target: StartTarget>(
    _ current: UInt32, _ choice: ContextIDChoice, _ target: Target, refused: Set<UInt32>
  ) async throws -> UInt32 {
    guard let chosen = choice.choose(current: current, refused: refused) else {
      throw NestorError(
        .busy, "cannot start guest '\(name)': its vsock context ID \(current) is taken",
        cause: "another guest of this host has it, maybe in another container",
        hint: choice.isPinned(current)
          ? "choose another in its template, vsock: {cid: …}, or leave the choice to Nestor with cid: auto" : nil)
    }
    guard chosen != current else { return current }
    let xml = try await target.xml()
    try await target.write(XMLPatch.apply([.init(.set(String(chosen)), xpath: Target.cidPath)], to: xml))
    hypervisor.warn("guest '\(name)' now has the vsock context ID \(chosen), since another guest has \(current)")
    return chosen
  }
}
