import DomainXML
import Libvirt
import NestorSupport

extension NewClone {
  /// Makes the source's snapshot known as one of the copy's, with its links down.
  func importSnapshot(_ source: WarmCloneSource) async throws {
    let record = identity.record(source.record)
    var snapshot = source.snapshot
    snapshot.parent = nil
    snapshot.domain = try identity.definition(source.definition, record: record, linksDown: true)
    snapshot.inactiveDomain = try identity.definition(
      source.snapshot.inactiveDomain ?? source.definition, record: record)
    let xml = try snapshot.xml()
    try await withContext("cannot give the memory of '\(identity.source.name)' to guest '\(guest.name)'") {
      _ = try await guest.domain.createSnapshot(xml: xml, [.redefine, .current])
    }
  }

  /// Starts the copy from its source's memory, gives it its identity, and brings its links up when its addresses are reserved.
  ///
  /// `fixed` are the source's addresses with which the links must not stay up; `timeout` is how long its agent may take.
  func start(
    _ source: WarmCloneSource, _ reservations: ReservationQueue, _ fixed: InheritedAddresses, timeout: Duration
  ) async throws {
    report("waking it")
    let snapshot = try await guest.snapshots.named(source.snapshotName)
    try await withContext("cannot wake guest '\(guest.name)'") {
      try await guest.revert(
        SnapshotTarget(snapshot: snapshot, definition: try await snapshot.definition(), flags: .paused))
      try await guest.domain.resume()
    }
    report("giving it an identity of its own")
    // Not before: its start would have to wait for the network.
    async let addresses: Void = reservations.reserve { [guest] in try await guest.reserveAddresses() }
    var inherited = fixed
    inherited.add(try await giveIdentity(source.definition, timeout: timeout))
    try await addresses
    let nics = source.definition.devices.interfaces
    try await setLinks { nics[$0].isLinkUp }
    if !inherited.isEmpty {
      let up = Set(nics.filter { $0.isLinkUp != false }.compactMap { $0.mac?.lowercased() })
      try await requireOthers(than: inherited, on: identity.nics(source.definition).filter { up.contains($0.old) })
    }
    try await withContext("cannot drop the memory that guest '\(guest.name)' began with") {
      try await snapshot.handle.delete()
    }
    var record = identity.record(source.record)
    record.stage = .complete
    try await guest.write(record)
  }

  /// How long a guest's system may take to set an address after its link went up.
  private static let addressDelay = Duration.seconds(10)

  /// Throws where the copy, whose links are up, has an address of its source's; its links are down then. `nics` are those
  /// that are up.
  private func requireOthers(
    than inherited: InheritedAddresses, on nics: [(old: String, new: String)]
  ) async throws {
    let back = try await guest.agent.withSession { session in
      try inherited.returned(to: nics, within: Self.addressDelay) { try session.report() }
    }
    guard !back.isEmpty else { return }
    try? await setLinks { _ in false }
    throw keeps(back, of: identity.source.name, "its system sets it whenever its link is up")
  }

  /// Sets the links of its NICs, which are asked for by their places.
  private func setLinks(_ isUp: (Int) -> Bool?) async throws {
    let live = try await withContext("cannot read guest '\(guest.name)'") {
      try DomainDefinition(xml: try await guest.domain.xml())
    }
    for (index, nic) in live.devices.interfaces.enumerated() {
      var nic = nic
      nic.isLinkUp = isUp(index)
      let xml = try nic.xml()
      try await withContext("cannot set the links of guest '\(guest.name)'") {
        try await guest.domain.updateDevice(xml: xml, scope: .live)
      }
    }
  }
}
