import NestorSupport
import Testing

@testable import NestorCore

@Suite("Guests that are made and started")
struct CreateTests {
  @Test("are made once and started as often as they are off; another of that name is in the way")
  func run() async throws {
    let driver = try await TestDriverGuests()
    let plan = try driver.plan()
    let guest = try await driver.hypervisor.run(plan)
    #expect(guest.name == "new" && guest.uuid == plan.uuid)
    #expect(try await guest.status() == .running)
    #expect(try await guest.record()?.stage == .complete)
    #expect(FileTree.isDirectory(guest.directory))
    try await guest.stop(StopOptions(force: true))
    // One that was planned again has another UUID, and is the same all the same.
    let again = try await driver.hypervisor.run(try driver.plan())
    #expect(again.uuid == guest.uuid)
    #expect(try await again.status() == .running)
    #expect(try await driver.hypervisor.create(plan) == .alreadyThere)
    var record = plan.record
    record.parameters = ["memory": "1GiB"]
    let other = try driver.plan("new", "boot: {kernel: /k}", record)
    let error = await #expect(throws: NestorError.self) { try await driver.hypervisor.run(other) }
    #expect(error?.code == .exists && error?.message == "guest 'new' exists already", "\(String(describing: error))")
  }

  @Test("are refused where libvirt's schema refuses their XML, with their template's name")
  func schema() async throws {
    let driver = try await TestDriverGuests()
    let plan = try driver.plan { $0.os.machine = "no machine" }
    let error = await #expect(throws: NestorError.self) { try await driver.hypervisor.create(plan) }
    #expect(error?.code == .invalidXML)
    #expect(error?.message == "libvirt's schema refuses the XML that template 'it' gives guest 'new'")
    #expect(try await driver.hypervisor.list() == [])
  }

  @Test("leave nothing where they cannot be finished")
  func failure() async throws {
    let driver = try await TestDriverGuests()
    var record = try driver.plan().record
    record.diskImages = ["gone": "aa"]
    let plan = try driver.plan("new", "boot: {kernel: /k}", record)
    let error = await #expect(throws: NestorError.self) { try await driver.hypervisor.create(plan) }
    #expect(error?.message == "cannot create guest 'new': the image 'gone' is not there any more")
    #expect(try await driver.hypervisor.list() == [])
    #expect(!FileTree.exists(driver.scratch.state.guest(plan.uuid)))
  }

  @Test("that were left half made are made again, or taken away by the garbage collector")
  func halfMade() async throws {
    let driver = try await TestDriverGuests()
    _ = try await driver.hypervisor.connection.defineDomain(xml: try driver.plan().xml)
    #expect(try await driver.hypervisor.guest("new").record()?.stage == .incomplete)
    let again = try driver.plan()
    #expect(try await driver.hypervisor.create(again) == .created)
    #expect(try await driver.hypervisor.guest("new").uuid == again.uuid)
    #expect(driver.warnings.taken() == ["guest 'new' was left half made; it is made anew"])

    _ = try await driver.hypervisor.connection.defineDomain(xml: try driver.plan("other").xml)
    let collector = GarbageCollector(driver.hypervisor)
    for name in ["other", "new", "never"] {
      try await collector.remove(GarbageCollector.Leftover(kind: .incompleteGuest, name: name))
    }
    #expect(try await driver.hypervisor.list().map(\.name) == ["new"])
  }
}
