import NestorSupport
import Templates
import Testing

@testable import NestorCore

@Suite("What libvirt made of a guest's template")
struct XMLDifferenceOfGuestTests {
  @Test("is told of the file that the guest was made from, wherever that lies, or why it cannot be")
  func file() async throws {
    let driver = try await TestDriverGuests()
    let guest = try await driver.hypervisor.run(try driver.plan("new", "boot: {kernel: /k}\nmemory: 96MiB"))
    func difference(_ folders: [String] = []) async throws -> String {
      try await guest.xmlDifference(
        Planner(
          state: driver.scratch.state, host: PlannedGuest.tcg, library: TemplateLibrary(searchPath: folders)))
    }
    let made = try await difference()
    #expect(made.contains("-<domain type=\"qemu\">"), "\(made)")
    #expect(made.contains("\n   <memory unit=\"KiB\">98304"), "its memory is the template's: \(made)")

    let other = "\(driver.scratch.folder)/others"
    try FileTree.makeDirectory(other)
    try FileTree.rename("\(driver.scratch.folder)/it.yaml", to: "\(other)/away.yaml")
    let error = await #expect(throws: NestorError.self) { try await difference([other]) }
    #expect(
      error?.code == .templateNotFound && error?.cause?.hasSuffix("/it.yaml") == true, "\(String(describing: error))")
    #expect(driver.warnings.taken() == [])

    // One of that name is likely the same, but may be another.
    try FileTree.write(Array("boot: {kernel: /k}\nmemory: 128MiB\n".utf8), to: "\(other)/it.yaml")
    #expect(try await difference([other]).contains("\n-  <memory unit=\"KiB\">131072"))
    #expect(driver.warnings.taken().map { $0.contains("/it.yaml, which guest 'new' was made from") } == [true])
  }
}
