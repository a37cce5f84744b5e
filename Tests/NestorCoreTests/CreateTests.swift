import DomainXML
import Libvirt
import NestorSupport
import NestorTestSupport
import Templates
import Testing

@testable import NestorCore

@Suite("Guests that are made and started")
struct CreateTests {
  /// A plan that libvirt's test driver takes, changed by `change`.
  private func plan(_ driver: TestDriverGuests, _ change: (inout GuestPlan) -> Void = { _ in }) throws -> GuestPlan {
    let builder = GuestBuilder(state: driver.scratch.state, host: PlannedGuest.tcg)
    var plan = try builder.plan(try GuestName("new"), try driver.scratch.template("boot: {kernel: /k}"))
    plan.definition.type = VirtualizationType(rawValue: "test")
    plan.definition.cpu = nil
    change(&plan)
    return plan
  }

  @Test("are made once and started as often as they are off; another of that name is in the way")
  func run() async throws {
    let driver = try await TestDriverGuests("web")
    let plan = try plan(driver)
    let guest = try await driver.hypervisor.run(plan)
    #expect(guest.name == "new" && guest.uuid == plan.uuid)
    #expect(try await guest.status() == .running)
    #expect(try await driver.hypervisor.record(of: guest.domain)?.stage == .complete)
    #expect(FileTree.isDirectory(guest.directory))
    try await guest.stop(StopOptions(force: true))
    // One that was planned again has another UUID, and is the same all the same.
    let again = try await driver.hypervisor.run(try self.plan(driver))
    #expect(again.uuid == guest.uuid)
    #expect(try await again.status() == .running)
    #expect(try await driver.hypervisor.create(plan) == .alreadyThere)
    let other = try self.plan(driver) { $0.record.parameters = ["memory": "1GiB"] }
    let error = await #expect(throws: NestorError.self) { try await driver.hypervisor.run(other) }
    #expect(error?.code == .exists && error?.message == "guest 'new' exists already", "\(String(describing: error))")
  }

  @Test("are refused where libvirt's schema refuses their XML, and nothing is left of them")
  func schema() async throws {
    let driver = try await TestDriverGuests("web")
    let plan = try plan(driver) { $0.definition.os.machine = "no machine" }
    let error = await #expect(throws: NestorError.self) { try await driver.hypervisor.create(plan) }
    #expect(error?.code == .invalidXML && error?.message == "libvirt's schema refuses the XML of guest 'new'")
    #expect(try await driver.hypervisor.list().map(\.name) == ["web"])
    #expect(!FileTree.exists(driver.scratch.state.guest(plan.uuid)))
  }

  @Test("that were left half made are made again")
  func halfMade() async throws {
    let driver = try await TestDriverGuests("web")
    let plan = try plan(driver)
    _ = try await driver.hypervisor.connection.defineDomain(xml: try plan.xml)
    #expect(try await driver.hypervisor.guest("new").status(plan.record) == .incomplete)
    let again = try self.plan(driver)
    #expect(try await driver.hypervisor.create(again) == .created)
    #expect(try await driver.hypervisor.guest("new").uuid == again.uuid)
    #expect(driver.warnings.taken() == ["guest 'new' was left half made; it is made anew"])
  }
}
