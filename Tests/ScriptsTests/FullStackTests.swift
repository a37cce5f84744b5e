import TestSupport
import Testing

@Suite("The checks of scripts/full-stack")
struct FullStackTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("are tried with those that they need, and with no other")
  func only() async throws {
    let result = try await list("--only", "revival_avoids_taken_id")
    #expect(
      names(result) == [
        "host_is_able", "host_is_prepared", "container_starts", "guests_run_under_kvm", "guest_is_on_the_lan",
        "guest_goes_back", "second_container_runs", "revival_avoids_taken_id",
      ])
    #expect(
      names(try await list("--host", "debian13-incus", "--only", "ssh_goes_over_vsock", "debian_is_copied")) == [
        "host_has_container", "debian_says_that_it_is_up", "ssh_goes_over_vsock", "debian_is_copied",
      ])
  }

  @Test("need only what is tried before them", arguments: ["debian12-lxd", "debian13-incus"])
  func order(host: String) async throws {
    let all = names(try await list("--host", host))
    #expect(all.count > 20)
    for name in all {
      let needed = names(try await list("--host", host, "--only", name))
      #expect(needed.last == name)
    }
  }

  @Test("that do not exist are refused before anything is made")
  func unknown() async throws {
    let result = try await list("--only", "host_is_abel")
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix("error: there is no check 'host_is_abel' on debian12-lxd\n"))
    // It is about a guest that this host cannot have.
    #expect(try await list("--only", "debian_is_copied").status == 1)
    #expect(try await list("--only").errors.hasPrefix("error: --only needs the names of checks\n"))
  }

  private func list(_ words: String...) async throws -> ProgramResult {
    try await folder.run([Repository.script("full-stack"), "--list"] + words)
  }

  private func names(_ result: ProgramResult) -> [String] {
    result.lines.compactMap { $0.split(separator: " ").first.map(String.init) }
  }
}
