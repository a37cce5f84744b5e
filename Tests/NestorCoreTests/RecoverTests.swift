import Libvirt
import NestorSupport
import Testing

@testable import NestorCore

@Suite("Work on a guest that was cut off")
struct RecoverTests {
  /// Notes what a program began with a guest before it was killed, and pauses the guest.
  private func cutOff(
    _ kind: UnfinishedWork.Kind, _ guest: Guest, status: UnfinishedWork.Status = .running, uuid: String? = nil
  ) async throws {
    try guest.hypervisor.state.prepare()
    try await guest.domain.suspend()
    try UnfinishedWork(uuid: uuid ?? guest.uuid, status: status, kind: kind).write(to: guest.unfinishedFile)
  }

  @Test("is ended by whoever looks the guest up, and by whoever lists all, unless somebody holds its lock")
  func pause() async throws {
    let driver = try await TestDriverGuests("web")
    let hypervisor = driver.hypervisor
    var guest = try await hypervisor.guest("web")
    try await cutOff(.pause(nil), guest)
    var lock = try FileLock.tryAcquire(driver.scratch.state.lock("guest", "web"))
    try #require(lock != nil)
    guest = try await hypervisor.guest("web")
    #expect(try await guest.status() == .paused)
    #expect(guest.workOfOthers()?.contains("waits for its copies") == true)
    lock = nil
    #expect(guest.workOfOthers() == nil)
    guest = try await hypervisor.guest("web")
    #expect(try await guest.status() == .running)
    #expect(
      driver.warnings.taken() == ["guest 'web' was left standing still, as something was killed, and runs on now"])
    try await cutOff(.pause(nil), guest)
    #expect(try await hypervisor.list().map(\.status) == [.running])
    #expect(try driver.scratch.state.allUnfinished() == [] && driver.warnings.taken().count == 1)
  }

  @Test("that is another guest's is forgotten by whoever takes the lock, and changes nothing")
  func anothers() async throws {
    let driver = try await TestDriverGuests("web")
    var guest = try await driver.hypervisor.guest("web")
    try await cutOff(.pause(nil), guest, uuid: TestDriverGuests.uuid(7))
    guest = try await driver.hypervisor.guest("web")
    #expect(try await guest.status() == .paused)
    #expect(FileTree.exists(guest.unfinishedFile))
    try await guest.withLock(to: "look at") { _ in }
    #expect(try await guest.status() == .paused)
    #expect(!FileTree.exists(guest.unfinishedFile))
    #expect(driver.warnings.taken() == [])
  }

  @Test("that was a snapshot of several guests goes from those that have it, unless all have")
  func snapshot() async throws {
    let driver = try await TestDriverGuests("web", "db")
    let guests = try await driver.hypervisor.guests(["web", "db"])
    for (name, isWhole) in [("half", false), ("whole", true)] {
      try await driver.takeSnapshot(name, of: guests[0], guests[1])
      if !isWhole { try FileTree.write([], to: driver.scratch.state.moment(name)) }
      for guest in guests {
        try await guest.domain.suspend()
        try UnfinishedWork(uuid: guest.uuid, status: .running, kind: .pause(name), moment: name).write(
          to: guest.unfinishedFile)
      }
      _ = try await driver.hypervisor.list()
      for guest in guests {
        #expect(try await guest.status() == .running)
        #expect(try await guest.snapshots.list().map(\.name) == (isWhole ? ["whole"] : []), "\(name) of \(guest.name)")
      }
      #expect(!FileTree.exists(driver.scratch.state.moment(name)))
      #expect(driver.warnings.taken().count == (isWhole ? 2 : 4))
    }
  }

  @Test("that was a revert is gone on with, unless the guest may have been used since")
  func revert() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    for name in ["one", "two"] {
      try await driver.takeSnapshot(name, of: guest)
    }
    try await cutOff(.revert("one", .fromSnapshot), guest)
    _ = try await driver.hypervisor.guest("web")
    #expect(try await guest.snapshots.info("one").isCurrent)
    #expect(try await guest.status() == .running)
    #expect(driver.warnings.taken().map { $0.hasSuffix("it goes there now") } == [true])

    try UnfinishedWork(uuid: guest.uuid, status: .running, kind: .revert("two", .fromSnapshot)).write(
      to: guest.unfinishedFile)
    _ = try await driver.hypervisor.guest("web")
    #expect(try await guest.snapshots.info("one").isCurrent)
    #expect(driver.warnings.taken().map { $0.contains("go there again: nestor snapshot revert web two") } == [true])
  }

  @Test(
    "that began long ago is told of and left: the guest may have been used since",
    arguments: [Double(UnfinishedWork.maximumAge.components.seconds) + 1, 1e300, -1e300])
  func stale(age: Double) async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    for name in ["one", "two"] { try await driver.takeSnapshot(name, of: guest) }
    try await guest.domain.suspend()
    var work = UnfinishedWork(uuid: guest.uuid, status: .running, kind: .revert("one", .fromSnapshot))
    work.begun -= age
    try work.write(to: guest.unfinishedFile)
    _ = try await driver.hypervisor.guest("web")
    #expect(try await guest.snapshots.info("two").isCurrent)
    #expect(try await guest.status() == .paused)
    #expect(driver.warnings.taken().map { $0.contains("go there again: nestor snapshot revert web one") } == [true])
  }

  @Test("goes with the guest")
  func deleted() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    try await guest.withLock(to: "delete") { locked in
      try locked.note(.pause(nil), status: .running)
      try await locked.delete(force: true)
    }
    #expect(try driver.scratch.state.allUnfinished() == [])
  }

  @Test("that was the deletion of a snapshot is done")
  func deletion() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    try await driver.takeSnapshot("one", of: guest)
    try UnfinishedWork(uuid: guest.uuid, status: .running, kind: .deletion("one")).write(to: guest.unfinishedFile)
    _ = try await driver.hypervisor.guest("web")
    #expect(try await guest.snapshots.list() == [])
    #expect(!FileTree.exists(guest.unfinishedFile))
    #expect(driver.warnings.taken().map { $0.hasSuffix("and is done now") } == [true])
  }

  @Test("that cannot be read is told of and forgotten by whoever takes the lock")
  func unreadable() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    try driver.scratch.state.prepare()
    try FileTree.write(Array("{".utf8), to: guest.unfinishedFile)
    try await guest.suspend()
    #expect(!FileTree.exists(guest.unfinishedFile))
    #expect(driver.warnings.taken().map { $0.contains("cannot be read; see: nestor info web") } == [true])
  }
}
