import DomainXML
import Libvirt
import NestorSupport
import Templates
import Testing

@testable import NestorCore

@Suite("Snapshots of guests")
struct SnapshotTests {
  @Test("are taken of several at one moment, listed oldest first, and reverted to together")
  func together() async throws {
    let driver = try await TestDriverGuests("web", "db")
    // The user may name a guest twice, and by its UUID.
    let guests = try await driver.hypervisor.guests(["web", "db", TestDriverGuests.uuid(0)])
    #expect(guests.map(\.name) == ["web", "db"])
    try await driver.takeSnapshot("one", of: guests[0], guests[1])
    for guest in guests {
      #expect(try await guest.status() == .running)
      let snapshot = try await guest.snapshots.info("one")
      // It was paused for it, which is nothing to come back to.
      #expect(snapshot.state == "running" && snapshot.isCurrent, "\(snapshot)")
    }
    try await driver.takeSnapshot("two", of: guests[0])
    let list = try await guests[0].snapshots.list()
    #expect(
      list.map(\.name) == ["one", "two"] && list.map(\.parent) == [nil, "one"]
        && list.map(\.isCurrent) == [false, true])

    try await driver.hypervisor.revert(guests, to: "one", .paused)
    for guest in guests { #expect(try await guest.status() == .paused) }
    try await driver.hypervisor.revert(guests, to: "one")
    for guest in guests { #expect(try await guest.status() == .running) }
    #expect(try await guests[0].snapshots.list().map(\.isCurrent) == [true, false])
    #expect(try driver.scratch.state.allUnfinished() == [] && driver.warnings.taken() == [])
  }

  @Test("are taken of none where one of several cannot be, and reverted to by none where one has none")
  func allOrNone() async throws {
    let driver = try await TestDriverGuests("web", "db")
    let guests = try await driver.hypervisor.guests(["web", "db"])
    try await driver.takeSnapshot("one", of: guests[1])
    let taken = await #expect(throws: NestorError.self) {
      try await driver.takeSnapshot("one", of: guests[0], guests[1])
    }
    #expect(taken?.code == .exists && taken?.message == "guest 'db' has a snapshot 'one' already")
    #expect(try await guests[0].snapshots.list() == [])
    try await guests[0].suspend()
    let reverted = await #expect(throws: NestorError.self) { try await driver.hypervisor.revert(guests, to: "one") }
    #expect(reverted?.code == .notFound && reverted?.message == "guest 'web' has no snapshot 'one'")
    #expect(try await guests[0].status() == .paused)
  }

  @Test("are deleted with those that were taken after them, or the oldest of them; a name that is wrong is told of")
  func delete() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    for name in ["one", "two", "three", "four"] {
      try await driver.takeSnapshot(name, of: guest)
    }
    let wrong = await #expect(throws: NestorError.self) { try await guest.snapshots.delete("twoo") }
    #expect(wrong?.code == .notFound && wrong?.hint == "did you mean 'two'?")
    #expect(try await guest.snapshots.prune(keep: 3, olderThan: nil, dryRun: true) == ["one"])
    #expect(try await guest.snapshots.list().count == 4)
    #expect(try await guest.snapshots.prune(keep: 3, olderThan: nil) == ["one"])
    #expect(try await guest.snapshots.delete("three", children: true) == ["three", "four"])
    #expect(try await guest.snapshots.list().map(\.name) == ["two"])
    #expect(try driver.scratch.state.allUnfinished() == [])
  }

  @Test(
    "cannot have the name that copies need, or one that is no name", arguments: ["nestor-clone", "../x", "a\nb", ""])
  func names(_ name: String) async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    let error = await #expect(throws: NestorError.self) {
      try await driver.takeSnapshot(name, of: guest)
    }
    #expect(error?.code == .invalidName)
    #expect(try await guest.snapshots.list() == [])
  }

  @Test("that others gave the name which copies need stay, and copies are refused")
  func foreignName() async throws {
    let driver = try await TestDriverGuests()
    let guest = try await driver.hypervisor.run(try driver.plan("new", "boot: {kernel: /k}\ndisks: [{size: 1MiB}]"))
    let state = driver.scratch.state
    try FileTree.makeDirectory(state.privateFolder(guest.uuid))
    try FileTree.write([], to: state.agentKey(guest.uuid))
    _ = try await guest.domain.createSnapshot(xml: try SnapshotDefinition(name: "nestor-clone").xml())
    let error = await #expect(throws: NestorError.self) { try await guest.clone(to: [try GuestName("copy")], .warm) }
    #expect(
      error?.code == .exists && error?.hint?.contains("--from nestor-clone") == true, "\(String(describing: error))")
    #expect(try await guest.snapshots.list().map(\.name) == ["nestor-clone"])
    #expect(try await driver.hypervisor.list().map(\.name) == ["new"])
  }

  @Test("without a name have the time for one")
  func timeName() async throws {
    let driver = try await TestDriverGuests("web")
    let name = try await driver.hypervisor.takeSnapshots(of: [try await driver.hypervisor.guest("web")])
    #expect(name.wholeMatch(of: /20[0-9]{6}-[0-9]{6}/) != nil, "\(name)")
  }

  @Test("bring back what Nestor knew of the guest, also for whoever has its lock")
  func record() async throws {
    let driver = try await TestDriverGuests()
    let guest = try await driver.hypervisor.run(try driver.plan("new", "boot: {kernel: /k}\ndisks: [{size: 1MiB}]"))
    try await driver.takeSnapshot("one", of: guest)
    try await guest.withLock(to: "revert") { locked in
      var record = try #require(try await locked.record())
      record.template = "later"
      try await locked.write(record)
      try await SnapshotRevert(of: locked, to: try await locked.snapshots.named("one"), .fromSnapshot).run()
      #expect(try await locked.record()?.template == "it")
    }
  }

  @Test("and reverts are noted while they are under way, and so is a guest that is paused for others")
  func notes() async throws {
    let driver = try await TestDriverGuests("web", "db")
    let guests = try await driver.hypervisor.guests(["web", "db"])
    let note = { UnfinishedWork.read($0.unfinishedFile)?.kind } as (Guest) -> UnfinishedWork.Kind?
    try await driver.hypervisor.withLocks(on: guests, to: "change", timeout: .seconds(1)) { locked in
      let states = try await driver.hypervisor.withGuestsPaused(locked, taking: [guests[0].uuid: "one"]) { paused in
        #expect(paused == Set(guests.map(\.uuid)))
        #expect(guests.map(note) == [.pause("one"), .pause(nil)])
        return [try await guests[0].status(), try await guests[1].status()]
      }
      #expect(states == [.paused, .paused])
      #expect(guests.map(note) == [nil, nil])
      for guest in guests { #expect(try await guest.status() == .running) }
      try await locked[0].noting(.revert("one", .running), leavesPaused: true) {
        #expect(note(guests[0]) == .revert("one", .running))
      }
      #expect(note(guests[0]) == .pause(nil))
      // What was noted is not to be forgotten for other work, but for a revert.
      let busy = await #expect(throws: NestorError.self) { try await locked[0].noting(.deletion("one")) {} }
      #expect(busy?.code == .busy && note(guests[0]) == .pause(nil))
      try await driver.hypervisor.resumeAll([locked[0]])
      #expect(note(guests[0]) == nil)
    }
  }
}
