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
  func start(_ source: WarmCloneSource, _ reservations: ReservationQueue) async throws {
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
    try await giveIdentity(source.definition)
    try await addresses
    try await bringLinksUp(source.definition)
    try await withContext("cannot drop the memory that guest '\(guest.name)' began with") {
      try await snapshot.handle.delete()
    }
    var record = identity.record(source.record)
    record.stage = .complete
    try await guest.write(record)
  }

  /// Brings up the links that were up in the source.
  private func bringLinksUp(_ source: DomainDefinition) async throws {
    let live = try await withContext("cannot read guest '\(guest.name)'") {
      try DomainDefinition(xml: try await guest.domain.xml())
    }
    for (index, nic) in live.devices.interfaces.enumerated() {
      var nic = nic
      nic.isLinkUp = source.devices.interfaces[index].isLinkUp
      let xml = try nic.xml()
      try await withContext("cannot plug in the cables of guest '\(guest.name)'") {
        try await guest.domain.updateDevice(xml: xml, scope: .live)
      }
    }
  }
}
