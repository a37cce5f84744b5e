import Libvirt
import Testing

@testable import NestorCore

@Suite("Starts that lose a race for their control group")
struct StartRaceTests {
  private static let lost = LibvirtError(
    code: .systemError, domain: .cgroup,
    message: "Unable to read from '/sys/fs/cgroup/cpuset/machine.slice/cpuset.cpus': No such file or directory",
    call: "virDomainCreate")

  /// Tries a start that throws these errors one after another and then goes well; answers with the number of calls.
  private static func calls(_ errors: [LibvirtError]) async throws -> Int {
    var calls = 0
    try await StartRace.retrying(pause: { _ in }) {
      calls += 1
      if calls <= errors.count { throw errors[calls - 1] }
    }
    return calls
  }

  @Test("are tried again until one goes well", arguments: [0, 1, StartRace.attempts - 1])
  func again(_ losses: Int) async throws {
    #expect(try await Self.calls(Array(repeating: Self.lost, count: losses)) == losses + 1)
  }

  @Test("and end with libvirt's own words where all are lost")
  func never() async {
    await #expect(throws: Self.lost) {
      _ = try await Self.calls(Array(repeating: Self.lost, count: StartRace.attempts))
    }
  }

  @Test("any other failure is told at once, also after a race")
  func other() async {
    let other = LibvirtError(code: .systemError, domain: .qemu, message: "no", call: "virDomainCreate")
    await #expect(throws: other) { _ = try await Self.calls([other]) }
    await #expect(throws: other) { _ = try await Self.calls([Self.lost, other]) }
  }

  @Test("The pause between two is ended with its task")
  func cancelled() async {
    let task = Task { try await StartRace.retrying { throw Self.lost } }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
