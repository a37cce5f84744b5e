import Foundation
import LibvirtTestSupport
import Testing

@Suite("A libvirtd of the tests' own", .privateLibvirtd)
struct PrivateLibvirtdTests {
  @Test("answers, has no guests, and leaves nothing behind")
  func lifeAndEnd() async throws {
    let daemon = try await PrivateLibvirtd.start()
    let inside = try await daemon.runInside(["virsh", "--quiet", "list", "--all", "--name"])
    #expect(inside.status == 0)
    #expect(inside.output.trimmingCharacters(in: .whitespacesAndNewlines) == "")
    let refused = try await daemon.runInside(["virsh", "--quiet", "start", "nobody"])
    #expect(refused.status != 0)
    #expect(refused.errors.contains("nobody"))
    await daemon.stop()
    #expect(!FileManager.default.fileExists(atPath: daemon.folder))
    await #expect(throws: PrivateLibvirtdError.self) { try await daemon.startDaemon() }
  }
}
