import DomainXML
import NestorSupport
import Testing

@testable import NestorCore

@Suite("A guest that is to get another identity")
struct RenewTests {
  @Test("is refused where that costs what its TPM holds, where another has its files, and where Nestor did not make it")
  func refused() async throws {
    let driver = try await TestDriverGuests("virsh")
    let hypervisor = driver.hypervisor
    func refusal(_ name: String, force: Bool = false) async throws -> NestorError? {
      let guest = try await hypervisor.guest(name)
      let error = await #expect(throws: NestorError.self) { try await guest.renew(force: force) }
      #expect(error?.message == "cannot renew guest '\(name)'")
      #expect(try await hypervisor.guest(name).uuid == guest.uuid)
      return error
    }
    try await hypervisor.guest("virsh").stop(StopOptions(force: true))
    #expect(try await refusal("virsh")?.cause == "nestor did not make it")

    let template = "boot: {kernel: /k}\nagent: {enabled: false}"
    try await hypervisor.create(try driver.plan("sealed", template) { $0.devices.tpms = [TPM()] })
    #expect(try await refusal("sealed")?.cause?.hasPrefix("what its TPM holds would be lost") == true)

    try await hypervisor.create(try driver.plan("plain", template))
    let plain = try await hypervisor.guest("plain")
    let other = TestDriverGuests.xml("other", uuid: TestDriverGuests.uuid(8)).replacing(
      "/nowhere/other", with: "\(plain.directory)/disk-vdb.qcow2")
    _ = try await hypervisor.connection.defineDomain(xml: other)
    #expect(
      try await refusal("plain", force: true)?.cause?.hasPrefix("guest 'other' has a file of its directory") == true)
    try await hypervisor.connection.domain(named: "other").undefine()
    try await plain.renew()
    let renewed = try await hypervisor.guest("plain")
    #expect(renewed.uuid != plain.uuid && FileTree.isDirectory(renewed.directory))
    #expect(!FileTree.exists(plain.directory) && driver.warnings.taken() == [])
    #expect(try await hypervisor.connection.domains().count == 3)
  }
}
