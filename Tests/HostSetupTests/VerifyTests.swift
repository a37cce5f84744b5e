import NestorSupport
import Processes
import Testing

@testable import HostSetup

@Suite("Verifying")
struct VerifyTests {
  private let recording: Recording
  private let provisioner: Provisioner

  init() throws {
    recording = try Recording("lxd-5.0.2-initialised")
    recording.set("/1.0/instances?recursion=1", [Self.container("lab", "Running"), Self.container("off", "Stopped")])
    recording.reply(to: "uid_map", ProgramResult(output: "         0    1000000      65536\n"))
    recording.reply(
      to: "nestor doctor",
      ProgramResult(
        end: .exited(69),
        output: #"[{"name": "kvm", "what": "w", "verdict": "fail", "detail": "d", "remedy": "r"}, {"odd": 1}]"#))
    provisioner = recording.provisioner(on: try HostTree())
  }

  private static func container(_ name: String, _ status: String, _ config: [String: JSONValue] = [:]) -> JSONValue {
    [
      "name": .string(name), "status": .string(status), "config": ["user.nestor.made": .string(name)],
      "expanded_config": .object(config),
    ]
  }

  /// What is found of the daemon's objects and of containers, without the host's own checks.
  private func findings(_ names: String...) async throws -> [String: Finding] {
    let results = try await provisioner.verify(HostChoices(), names: names).filter {
      $0.id == "objects" || $0.id.contains("/")
    }
    return Dictionary(uniqueKeysWithValues: results.map { ($0.id, $0.finding) })
  }

  @Test("looks at the host, at the daemon's objects, and into each container that runs, and changes nothing")
  func all() async throws {
    let found = try await findings()
    #expect(Set(found.keys) == ["objects", "lab/unprivileged", "lab/kvm", "off/unprivileged"])
    #expect(found["objects"]?.verdict == .warn)
    #expect(found["objects"]?.detail == "not as they should be: profile nestor (create)")
    #expect(found["lab/unprivileged"] == Finding(.pass, "root inside is user 1000000 outside"))
    #expect(found["lab/kvm"] == Finding(.fail, "d", remedy: "r"))
    #expect(found["off/unprivileged"] == Finding(.skip, "the container does not run"))
    let host = try await provisioner.verify(HostChoices()).first { $0.id == "cpu" }
    #expect(host?.finding == Finding(.pass, "AuthenticAMD with svm, driven by kvm_amd"))
    #expect(recording.changes == [])

    try await provisioner.apply(HostChoices())
    #expect(try await findings("off")["objects"] == Finding(.pass, "as they should be: profile nestor"))
  }

  @Test("looks at the containers that were named alone, and knows which are not there")
  func named() async throws {
    #expect(Set(try await findings("off").keys) == ["objects", "off/unprivileged"])
    let error = await #expect(throws: NestorError.self) { try await findings("lab", "gone") }
    #expect(error?.code == .notFound && error?.message == "there is no container gone")
  }

  @Test("fails a container whose root is root outside")
  func privileged() async throws {
    recording.reply(to: "uid_map", ProgramResult(output: "0 0 4294967295\n"))
    #expect(try await findings("lab")["lab/unprivileged"] == Finding(.fail, "root inside is root outside"))
    recording.reply(to: "uid_map", ProgramResult(end: .exited(1)))
    #expect(try await findings("lab")["lab/unprivileged"] == Finding(.fail, "its users cannot be read"))
    recording.set(
      "/1.0/instances?recursion=1", [Self.container("lab", "Stopped", ["security.privileged": "true"])])
    let found = try await findings("lab")["lab/unprivileged"]
    #expect(found?.verdict == .fail && found?.remedy == "lxc config unset lab security.privileged")
  }
}
