import DomainXML
import Libvirt
import NestorSupport
import Testing

@testable import NestorCore

@Suite("The CID that a guest starts with")
struct StartTargetTests {
  private let template = "boot: {kernel: /k}\nvsock: {enabled: true}"

  /// A choice that finds the guest's first CID taken.
  private func choice(_ guest: LockedGuest, taken: UInt32) -> ContextIDChoice {
    ContextIDChoice(uuid: guest.uuid) { $0 == taken ? .taken : .free }
  }

  @Test("is another where its own is taken, which is written to its definition, and told")
  func boot() async throws {
    let driver = try await TestDriverGuests()
    let plan = try driver.plan("new", template)
    _ = try await driver.hypervisor.create(plan)
    let own = Identifiers.contextID(uuid: plan.uuid)
    try await driver.hypervisor.guest("new").withLock(to: "start") { guest in
      try await guest.start(BootTarget(guest.guest, plan.definition), choice(guest, taken: own))
    }
    let definition = try DomainDefinition(xml: try await driver.hypervisor.guest("new").xml())
    let other = Identifiers.contextID(uuid: plan.uuid, attempt: 1)
    #expect(definition.fixedCID == other)
    let warning = "guest 'new' now has the vsock context ID \(other), since another guest has \(own)"
    #expect(driver.warnings.taken() == [warning])
  }

  @Test("is another where that of a snapshot is taken, which is written to the snapshot, and told")
  func snapshot() async throws {
    let driver = try await TestDriverGuests()
    let plan = try driver.plan("new", template + "\ndisks: [{size: 1MiB}]")
    let guest = try await driver.hypervisor.run(plan)
    try await driver.takeSnapshot("one", of: guest)
    let own = Identifiers.contextID(uuid: plan.uuid)
    try await guest.withLock(to: "revert") { guest in
      let snapshot = try await guest.snapshots.named("one")
      let target = SnapshotTarget(snapshot: snapshot, definition: try await snapshot.definition(), flags: .paused)
      try await guest.start(target, choice(guest, taken: own))
    }
    #expect(try await guest.status() == .paused)
    let other = Identifiers.contextID(uuid: plan.uuid, attempt: 1)
    #expect(try await guest.snapshots.named("one").definition().domain?.fixedCID == other)
    #expect(try await guest.snapshots.info("one").isCurrent)
    #expect(driver.warnings.taken().count == 1)
  }

  @Test("is refused where the user pinned one that is taken")
  func pinned() async throws {
    let driver = try await TestDriverGuests()
    let plan = try driver.plan("new", "boot: {kernel: /k}\nvsock: {enabled: true, cid: 77}")
    _ = try await driver.hypervisor.create(plan)
    let error = await #expect(throws: NestorError.self) {
      try await driver.hypervisor.guest("new").withLock(to: "start") { guest in
        try await guest.start(BootTarget(guest.guest, plan.definition), choice(guest, taken: 77))
      }
    }
    #expect(error?.code == .busy && error?.hint?.contains("vsock: {cid: …}") == true)
    #expect(try await driver.hypervisor.guest("new").status() == .shutOff)
  }
}
