import Libvirt
import Testing

@Suite("A stream of libvirt's test driver")
struct StreamTests {
  @Test("A screenshot arrives whole, as the PNG that the driver names", .timeLimit(.minutes(20)))
  func screenshot() async throws {
    let connection = try await Connection.open("test:///default")
    let screenshot = try await connection.domain(named: "test").screenshot()
    #expect(screenshot.mimeType == "image/png")
    #expect(screenshot.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(screenshot.bytes.suffix(8) == [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
  }

  @Test("A screen that does not exist is an error that names the call", .timeLimit(.minutes(20)))
  func missingScreen() async throws {
    let connection = try await Connection.open("test:///default")
    let domain = try await connection.domain(named: "test")
    let error = await #expect(throws: LibvirtError.self) { try await domain.openConsole() }
    #expect(error?.call == "virDomainOpenConsole")
    #expect(error?.code == .noSupport)
  }
}
