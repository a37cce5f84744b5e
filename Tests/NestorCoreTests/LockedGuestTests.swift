import Libvirt
import NestorSupport
import Testing

@testable import NestorCore

@Suite("A guest and its lock")
struct LockedGuestTests {
  @Test("is found by its name and by its UUID, and knows where its files lie")
  func found() async throws {
    let driver = try await TestDriverGuests("web")
    let hypervisor = driver.hypervisor
    let guest = try await hypervisor.guest("web")
    #expect(try await hypervisor.guest(guest.uuid).name == "web")
    #expect(guest.directory == "\(driver.scratch.state.guests)/\(TestDriverGuests.uuid(0))")
    let error = await #expect(throws: NestorError.self) { try await hypervisor.guest("wep") }
    #expect(error?.code == .notFound && error?.hint == "did you mean 'web'?")
  }

  @Test("that was never made is not found, and the lock of a maker that was killed goes with that")
  func killedMaker() async throws {
    let driver = try await TestDriverGuests("web")
    let lock = driver.scratch.state.lock("guest", "new")
    try driver.scratch.state.prepare()
    try FileTree.write([UInt8](), to: lock)
    let error = await #expect(throws: NestorError.self) { try await driver.hypervisor.guest("new") }
    #expect(error?.code == .notFound)
    #expect(!FileTree.exists(lock))
  }

  @Test("has its record read once while it is locked, and what is written holds at once")
  func record() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    try await guest.withLock(to: "change") { locked in
      #expect(try await locked.record() == nil)
      let record = GuestRecord(stage: .complete, template: "tiny")
      // Nobody does that who keeps to the lock.
      try await driver.hypervisor.held(guest.domain, to: "change").write(record)
      #expect(try await locked.record() == nil)
      try await locked.write(GuestRecord(stage: .deleting, template: "tiny"))
      #expect(try await locked.record()?.stage == .deleting)
      let error = await #expect(throws: NestorError.self) { try await locked.requireComplete() }
      #expect(error?.message == "cannot change guest 'web': it is only half deleted")
    }
    let later = try await guest.withLock(to: "change") { try await $0.record() }
    #expect(later?.stage == .deleting)
  }

  @Test("has its devices read once while it is locked, and again when they are forgotten")
  func devices() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    try await guest.withLock(to: "change") { locked in
      let before = try await locked.devices()
      #expect(before.present.interfaces.count == 1 && before.scope == [.live, .config])
      let xml = try await guest.domain.xml(.inactive)
      _ = try await driver.hypervisor.connection.defineDomain(
        xml: xml.replacing("52:54:00:00:00:01", with: "52:54:00:00:00:02"))
      #expect(try await locked.devices().config?.interfaces.map(\.mac) == ["52:54:00:00:00:01"])
      locked.forgetDevices()
      #expect(try await locked.devices().config?.interfaces.map(\.mac) == ["52:54:00:00:00:02"])
    }
  }

  @Test("is told to be gone where somebody deleted it since it was found")
  func deleted() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    try await driver.hypervisor.guest("web").delete(force: true)
    let error = await #expect(throws: NestorError.self) { try await guest.suspend() }
    #expect(error?.message == "cannot suspend guest 'web'" && error?.code == .notFound, "\(String(describing: error))")
    #expect(error?.cause == "it was deleted meanwhile" && error?.hint == nil)
    let another = TestDriverGuests.xml("web", uuid: TestDriverGuests.uuid(1))
    _ = try await driver.hypervisor.connection.defineDomain(xml: another)
    let late = await #expect(throws: NestorError.self) { try await guest.suspend() }
    #expect(late?.hint == "another guest has its name now: run this again")
  }

  @Test("is told to have another name where somebody renamed it since it was found")
  func renamed() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    try await guest.stop(StopOptions(force: true))
    let connection = driver.hypervisor.connection
    _ = try await connection.domain(named: "web").rename(to: "db")
    let error = await #expect(throws: NestorError.self) { try await guest.delete() }
    #expect(
      error?.code == .notFound && error?.cause == "it was renamed meanwhile, to 'db'", "\(String(describing: error))")
    #expect(try await connection.domains().map(\.name) == ["db"])
  }

  @Test("is waited for while somebody who holds the lock of its name makes it")
  func beingMade() async throws {
    let driver = try await TestDriverGuests()
    let hypervisor = driver.hypervisor
    try driver.scratch.state.prepare()
    let uuid = TestDriverGuests.uuid(1)
    let path = driver.scratch.state.lock("guest", "new")
    let found = try await FileLock.holding(path, purpose: "make it", timeout: .seconds(1)) {
      let found = Task { try await hypervisor.guest("new").uuid }
      try await ContinuousClock().sleep(for: .milliseconds(50))
      _ = try await hypervisor.connection.defineDomain(xml: TestDriverGuests.xml("new", uuid: uuid))
      return found
    }
    #expect(try await found.value == uuid)
  }

  @Test("is suspended, resumed, stopped and started, and each again does nothing")
  func lifeCycle() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    for _ in 0..<2 {
      try await guest.suspend()
      #expect(try await guest.status() == .paused)
    }
    let paused = await #expect(throws: NestorError.self) { try await guest.stop() }
    #expect(paused?.code == .invalidState && paused?.hint?.contains("nestor resume web") == true)
    for _ in 0..<2 {
      try await guest.resume()
      #expect(try await guest.status() == .running)
    }
    #expect(try await guest.stop(StopOptions(force: true)))
    #expect(try await !guest.stop())
    #expect(try await guest.status() == .shutOff)
    #expect(try await guest.start())
    #expect(try await !guest.start())
    #expect(try await guest.info().status == .running)
    let running = await #expect(throws: NestorError.self) { try await guest.delete() }
    #expect(running?.code == .invalidState && running?.message == "guest 'web' is running")
  }

  @Test("is one program's at a time, and errors say what could not be done to it")
  func exclusive() async throws {
    let driver = try await TestDriverGuests("web")
    let guest = try await driver.hypervisor.guest("web")
    try await guest.withLock(to: "change") { locked in
      #expect(locked.failure == "cannot change guest 'web'")
      let busy = await #expect(throws: NestorError.self) {
        try await guest.withLock(to: "add a disk to", timeout: .milliseconds(100)) { _ in }
      }
      #expect(busy?.code == .busy && busy?.message == "cannot add a disk to guest 'web'", "\(String(describing: busy))")
      let failed = await #expect(throws: NestorError.self) {
        try await locked.attempt { _ = try await driver.hypervisor.connection.domain(named: "none") }
      }
      #expect(failed?.message == locked.failure && failed?.code == .notFound)
    }
    try await guest.withLock(to: "change", timeout: .milliseconds(100)) { _ in }
  }
}
