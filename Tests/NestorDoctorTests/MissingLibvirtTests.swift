import NestorSupport
import NestorTestSupport
import Testing

@testable import NestorDoctor

@Suite("nestor on a machine without libvirt's library")
struct MissingLibvirtTests {
  /// A folder that the loader looks into first, in which the library is an empty file.
  private let fixture: DoctorFixture

  init() throws {
    fixture = try DoctorFixture()
    try fixture.write("/lib/libvirt-qemu.so.0", "")
  }

  private func run(_ arguments: String) async throws -> (output: String, status: Int32) {
    try await NestorProgram.run("\(arguments) 2>&1", environment: "LD_LIBRARY_PATH='\(fixture.root)/lib'")
  }

  @Test("does all that asks libvirt for nothing", arguments: ["--version", "--help", "template list"])
  func starts(_ arguments: String) async throws {
    let (output, status) = try await run(arguments)
    #expect(status == 0 && output.contains("n"), "\(output)")
  }

  @Test("prints the XML of a guest")
  func plan() async throws {
    let (output, status) = try await run("create kernel it -P kernel=/k --print-xml")
    #expect(status == 0 && output.contains("<name>it</name>"), "\(output)")
  }

  @Test("says what is missing, and how to get it")
  func list() async throws {
    let (output, status) = try await run("list")
    #expect(status == 69 && output.contains("libvirt-qemu.so.0") && output.contains("apt-get install"), "\(output)")
  }

  @Test("has the doctor say so too, and check the rest")
  func doctor() async throws {
    let (output, status) = try await run("doctor")
    #expect(status == 69 && output.contains("do:  apt-get install libvirt-daemon-system"), "\(output)")
    #expect(output.contains("SKIP  qemu"))
  }
}
