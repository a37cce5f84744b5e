import DomainXML
import Libvirt
import NestorSupport

extension Hypervisor {
  /// A way to bring a domain to life, and the XML in which it finds its vsock context ID.
  private struct Revival {
    /// Reads that XML, whole.
    let read: () async throws -> String
    /// The fixed ID in it, or nil.
    let find: (_ xml: String) throws -> UInt32?
    /// The XPath of the attribute, or attributes, that hold the ID.
    let xpath: String
    /// Puts changed XML in its place.
    let write: (_ xml: String) async throws -> Void
    /// Goes ahead.
    let run: () async throws -> Void
  }

  private static let attribute = "devices/vsock/cid/@address"

  /// Starts a domain of Nestor's with a vsock context ID that is free, and defines it anew with another where its own is
  /// not.
  func startWithContextID(_ domain: Domain, _ choice: ContextIDChoice) async throws {
    let connection = connection
    try await revive(
      domain, choice,
      Revival(
        read: { try await domain.xml([.inactive, .secure]) }, find: Self.fixedID(in:),
        xpath: "/domain/\(Self.attribute)",
        write: { _ = try await connection.defineDomain(xml: $0) },
        run: { try await StartRace.retrying { try await domain.start() } }))
  }

  /// Wakes a domain of Nestor's from its managed save; where another guest took its context ID while it slept, it wakes
  /// with another, of which the guest's kernel is told.
  func wakeWithContextID(_ domain: Domain, _ choice: ContextIDChoice) async throws {
    try await revive(
      domain, choice,
      Revival(
        read: { try await domain.managedSaveXML(secure: true) }, find: Self.fixedID(in:),
        xpath: "/domain/\(Self.attribute)",
        write: { try await domain.setManagedSaveXML($0) },
        run: { try await StartRace.retrying { try await domain.start() } }))
  }

  /// Takes a domain of Nestor's back to a snapshot; where another guest has the context ID of that moment, the snapshot
  /// is redefined with another before.
  func revertWithContextID(
    _ domain: Domain, to snapshot: DomainSnapshot, _ flags: SnapshotRevertFlags, _ choice: ContextIDChoice
  ) async throws {
    let isCurrent = try await snapshot.isCurrent()
    var choice = choice
    if try await domain.isActive(), let own = try DomainDefinition(xml: try await domain.xml()).devices.vsock?.cid {
      // It gives its ID up on the way.
      choice.own = own
    }
    try await revive(
      domain, choice,
      Revival(
        read: { try await snapshot.xml(secure: true) },
        find: { xml in
          let definition = try SnapshotDefinition(xml: xml)
          guard definition.state == .running || definition.state == .paused else { return nil }
          return Self.fixedID(of: definition.domain)
        },
        xpath: "/domainsnapshot/*[self::domain or self::inactiveDomain]/\(Self.attribute)",
        write: { _ = try await domain.createSnapshot(xml: $0, isCurrent ? [.redefine, .current] : .redefine) },
        run: { try await self.revert(to: snapshot, flags) }))
  }

  /// Goes back to a snapshot, again where the guest's start lost a race. Only where the memory lies in the disks: of a
  /// snapshot in files libvirt has changed the disks by then, and would change other ones.
  func revert(to snapshot: DomainSnapshot, _ flags: SnapshotRevertFlags) async throws {
    let moment = try SnapshotDefinition(xml: try await snapshot.xml())
    guard moment.holdsMemory, !moment.isInFiles else { return try await snapshot.revert(flags) }
    try await StartRace.retrying { try await snapshot.revert(flags) }
  }

  /// Goes ahead with an ID that is free. One that somebody takes between the look and the start is noticed by the failed
  /// start, and the next one tried.
  private func revive(_ domain: Domain, _ choice: ContextIDChoice, _ revival: Revival) async throws {
    var refused: Set<UInt32> = []
    while true {
      let cid = try await settleContextID(of: domain, choice, revival, refused: refused)
      do {
        return try await revival.run()
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

  private static func fixedID(in xml: String) throws -> UInt32? { fixedID(of: try DomainDefinition(xml: xml)) }

  private static func fixedID(of definition: DomainDefinition?) -> UInt32? {
    guard case .fixed(let cid)? = definition?.devices.vsock?.contextID else { return nil }
    return cid
  }

  /// Writes a free context ID where the present one is not; answers with it, or nil where the domain has no fixed one.
  private func settleContextID(
    of domain: Domain, _ choice: ContextIDChoice, _ revival: Revival, refused: Set<UInt32>
  ) async throws -> UInt32? {
    let xml = try await revival.read()
    guard let current = try revival.find(xml) else { return nil }
    guard let chosen = choice.choose(current: current, refused: refused) else {
      throw NestorError(
        .busy, "cannot start guest '\(domain.name)': its vsock context ID \(current) is taken",
        cause: "another guest of this host has it, maybe in another container",
        hint: choice.isPinned(current)
          ? "choose another in its template, vsock: {cid: …}, or leave the choice to Nestor with cid: auto" : nil)
    }
    guard chosen != current else { return current }
    try await revival.write(DomainXML.XMLPatch.apply([.init(.set(String(chosen)), xpath: revival.xpath)], to: xml))
    warn("guest '\(domain.name)' now has the vsock context ID \(chosen), since another guest has \(current)")
    return chosen
  }
}
