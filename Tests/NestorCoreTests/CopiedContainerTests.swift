import NestorSupport
import Probes
import Testing

@testable import NestorCore

@Suite("Guests in a copied container")
struct CopiedContainerTests {
  private let original = ContainerIdentity(hostname: "lab", macAddresses: ["00:16:3e:00:00:01"])
  private let copy = ContainerIdentity(hostname: "lab2", macAddresses: ["00:16:3e:00:00:02"])

  @Test("are told by their names until they are renewed, or said to stay; another's guests are not among them")
  func noticed() async throws {
    let driver = try await TestDriverGuests("web", "db", "virsh")
    let hypervisor = driver.hypervisor
    let state = driver.scratch.state
    try state.prepare()
    #expect(try await hypervisor.copiedGuests(in: original) == nil)
    #expect(!FileTree.exists(state.container), "there is nothing to know")
    for index in 0..<2 { try FileTree.makeDirectory(state.guest(TestDriverGuests.uuid(index))) }
    #expect(try await hypervisor.copiedGuests(in: original) == nil)
    #expect(ContainerRecord(state) == ContainerRecord(identity: original))
    #expect(try await hypervisor.copiedGuests(in: nil) == nil)
    for _ in 1...2 {
      let copied = try await hypervisor.copiedGuests(in: copy)
      #expect(copied == Hypervisor.CopiedGuests(source: "lab", names: ["db", "web"]))
      #expect(
        copied?.warning.contains("copy of 'lab', so these guests have") == true
          && copied?.warning.contains(": db, web;") == true)
    }
    try FileTree.remove(state.guest(TestDriverGuests.uuid(0)))
    #expect(try await hypervisor.copiedGuests(in: copy)?.names == ["db"])
    try await hypervisor.keepIdentities(in: copy)
    #expect(try await hypervisor.copiedGuests(in: copy) == nil)
    #expect(try await hypervisor.copiedGuests(in: original)?.source == "lab2")
  }

  @Test("are known from the first guest on, and told from those that are made in the copy")
  func noted() async throws {
    let driver = try await TestDriverGuests("web", "new")
    let (hypervisor, state) = (driver.hypervisor, driver.scratch.state)
    try state.prepare()
    #expect(try hypervisor.noteContainer(original) == nil)
    #expect(try hypervisor.noteContainer(original, beforeMaking: true)?.identity == original)
    try FileTree.makeDirectory(state.guest(TestDriverGuests.uuid(0)))
    _ = try hypervisor.noteContainer(copy, beforeMaking: true)
    try FileTree.makeDirectory(state.guest(TestDriverGuests.uuid(1)))
    #expect(try await hypervisor.copiedGuests(in: copy) == Hypervisor.CopiedGuests(source: "lab", names: ["web"]))
    let error = await #expect(throws: NestorError.self) { try await hypervisor.keepIdentities(in: nil) }
    #expect(error?.code == .unsupported)
  }
}
