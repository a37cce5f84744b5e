import Foundation
import LibvirtTestSupport
import Synchronization
import Testing

@Suite("A libvirtd of the tests' own", .privateLibvirtd, .timeLimit(.minutes(20)))
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
    await daemon.stop()
  }

  @Test("knows nothing of another one")
  func sideBySide() async throws {
    let one = try await PrivateLibvirtd.start()
    let other = try await PrivateLibvirtd.start()
    #expect(one.uri != other.uri)
    // The same bridge and the same address in both.
    try await one.startDefaultNetwork()
    let networks = try await other.runInside(["virsh", "--quiet", "net-list", "--all", "--name"])
    #expect(networks.status == 0)
    #expect(!networks.output.contains("default"))
    try await other.startDefaultNetwork()
    let bridge = try await other.runInside(["ip", "-brief", "address", "show", "virbr0"])
    #expect(bridge.output.contains("192.168.122.1/24"))
    await one.stop()
    await other.stop()
  }

  @Test("keeps the logs of a failed case")
  func logs() async throws {
    struct Failure: Error {}
    let kept = Mutex<String?>(nil)
    await #expect(throws: Failure.self) {
      try await PrivateLibvirtd.with("failing") { daemon in
        kept.withLock { $0 = daemon.folder }
        // libvirtd may take connections before it has logged anything; what it refuses is logged before it answers.
        let refused = try await daemon.runInside(["virsh", "--quiet", "define", "/dev/null"])
        #expect(refused.status != 0)
        throw Failure()
      }
    }
    let folder = try #require(kept.withLock { $0 })
    #expect(!FileManager.default.fileExists(atPath: folder))
    let parent = ProcessInfo.processInfo.environment["NESTOR_TEST_LOGS"] ?? ".build/test-logs"
    let logs = "\(parent)/failing-\(URL(fileURLWithPath: folder).lastPathComponent)"
    let log = try String(contentsOfFile: "\(logs)/libvirtd.log", encoding: .utf8)
    #expect(log.contains("libvirt version"))
    #expect(log.contains("Document is empty"))
    try FileManager.default.removeItem(atPath: logs)
  }

  @Test("ends with the process that started it, also when that is killed")
  func killedOwner() async throws {
    // The child ends by a signal without having stopped anything.
    let note = FileManager.default.temporaryDirectory.appendingPathComponent("owner-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: note) }
    await #expect(processExitsWith: .signal(SIGKILL)) { [note = note as String] in
      let daemon = try await PrivateLibvirtd.start()
      let first = try String(contentsOfFile: "\(daemon.folder)/pid", encoding: .utf8)
      try "\(daemon.folder)\n\(first)".write(toFile: note, atomically: true, encoding: .utf8)
      kill(getpid(), SIGKILL)
    }
    let lines = try String(contentsOfFile: note, encoding: .utf8).split(separator: "\n").map(String.init)
    try #require(lines.count == 2)
    let deadline = ContinuousClock.now + .seconds(400)
    func isThere() -> Bool {
      FileManager.default.fileExists(atPath: lines[0]) || FileManager.default.fileExists(atPath: "/proc/\(lines[1])")
    }
    while isThere(), ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
    #expect(!isThere())
  }
}
