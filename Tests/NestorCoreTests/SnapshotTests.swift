import Libvirt
import NestorSupport
import Testing

@testable import NestorCore

@Suite("Snapshots of guests")
struct SnapshotTests {
  private func request(_ name: String) -> SnapshotRequest {
    var request = SnapshotRequest()
    request.name = name
    return request
  }

  @Test("are taken of several at one moment, listed oldest first, and reverted to together")
  func together() async throws {
    let driver = try await TestDriverGuests("web", "db")
    // The user may name a guest twice, and by its UUID.
    let guests = try await driver.hypervisor.guests(["web", "db", TestDriverGuests.uuid(0)])
    #expect(guests.map(\.name) == ["web", "db"])
    #expect(try await driver.hypervisor.takeSnapshots(of: guests, request("one")) == "one")
    for guest in guests {
      #expect(try await guest.status() == .running)
      let snapshot = try await guest.snapshots.info("one")
      // It was paused for it, which is nothing to come back to.
      #expect(snapshot.state == "running" && snapshot.isCurrent, "\(snapshot)")
    }
    _ = try await driver.hypervisor.takeSnapshots(of: [guests[0]], request("two"))
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
    _ = try await driver.hypervisor.takeSnapshots(of: [guests[1]], request("one"))
    let taken = await #expect(throws: NestorError.self) {
      try await driver.hypervisor.takeSnapshots(of: guests, self.request("one"))
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
      _ = try await driver.hypervisor.takeSnapshots(of: [guest], request(name))
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
      try await driver.hypervisor.takeSnapshots(of: [guest], self.request(name))
    }
    #expect(error?.code == .invalidName)
    #expect(try await guest.snapshots.list() == [])
  }
}
