import NestorSupport
import Processes
import Testing

@testable import HostSetup

@Suite("Preparing a container that was there before")
struct PrepareTests {
  private let scratch: ScratchPayload
  private let recording: Recording
  private let provisioner: Provisioner

  init() throws {
    scratch = try ScratchPayload()
    recording = try Recording("lxd-5.0.2-initialised")
    recording.replyToDoctor()
    provisioner = recording.provisioner(on: try HostTree.complete())
  }

  private static func container(_ status: String, _ more: [String: JSONValue] = [:]) -> JSONValue {
    .object(
      [
        "name": "old", "status": .string(status), "type": "container", "profiles": ["default"],
        "config": ["limits.cpu": "2"], "devices": [:],
      ].merging(more) { $1 })
  }

  private func prepare(restart: Bool = false) async throws {
    try await provisioner.prepare(
      "old", choices: HostChoices(), options: LaunchOptions(payload: try scratch.payload(), mayRestart: restart))
  }

  private var found: JSONValue {
    get async throws { try #require(try await provisioner.daemon.find(ObjectReference(.container, "old"))) }
  }

  @Test("gives it settings and devices, starts it, does its inside, and undo gives back what it had")
  func stopped() async throws {
    recording.set("/1.0/instances?recursion=1", [Self.container("Stopped")])
    try await prepare()
    #expect(
      recording.changes == ["PUT /1.0/instances/old", "PUT /1.0/instances/old/state", "PATCH /1.0/instances/old"])
    let prepared = try await found
    #expect(prepared["status"] == "Running" && prepared["profiles"] == ["default"])
    #expect(prepared["config"]?["security.nesting"] == "true" && prepared["config"]?["user.nestor.state"] == "ready")
    for device in ["kvm", "tun", "vhost-net", "vhost-vsock"] { #expect(prepared["devices"]?[device] != nil) }
    recording.set("/1.0/instances/old/state", [:])
    #expect(try await provisioner.containers().map(\.state) == ["ready"])

    let plan = try await provisioner.undo()
    #expect(plan.steps.map(\.object.title) == ["container old"] && plan.steps.map(\.action) == [.change])
    #expect(try await found["config"] == ["limits.cpu": "2"])
    #expect(try await found["devices"] == [:])
    #expect(try await provisioner.undoPlan().isEmpty)
  }

  @Test("restarts one that runs without nesting, if it may, and changes nothing if it may not")
  func running() async throws {
    recording.set("/1.0/instances?recursion=1", [Self.container("Running")])
    let error = await #expect(throws: NestorError.self) { try await prepare() }
    #expect(error?.code == .invalidState && error?.hint?.contains("--restart") == true)
    #expect(recording.changes == [] && recording.commands == [])
    try await prepare(restart: true)
    #expect(recording.changes.prefix(2) == ["PUT /1.0/instances/old", "PUT /1.0/instances/old/state"])
  }

  @Test("needs no restart where it has nesting")
  func nesting() async throws {
    let config: JSONValue = ["security.nesting": "true", "boot.host_shutdown_timeout": "600"]
    recording.set(
      "/1.0/instances?recursion=1", [Self.container("Running", ["config": config, "expanded_config": config])])
    try await prepare()
    #expect(recording.changes == ["PUT /1.0/instances/old", "PATCH /1.0/instances/old"])
  }

  @Test("refuses what is no unprivileged container, and what is not there")
  func refused() async throws {
    for (more, code, message) in [
      (["type": "virtual-machine"], NestorError.Code.invalidState, "old is a virtual machine, not a container"),
      (
        ["expanded_config": ["security.privileged": "true"]], .invalidState,
        "the container old is privileged, and nestor-host prepares none of these"
      ),
      (["name": "another"], .notFound, "there is no container old"),
    ] as [([String: JSONValue], NestorError.Code, String)] {
      recording.set("/1.0/instances?recursion=1", [Self.container("Stopped", more)])
      let error = await #expect(throws: NestorError.self) { try await prepare() }
      #expect(error?.code == code && error?.message == message)
      #expect(error?.hint?.isEmpty == false)
    }
    #expect(recording.changes == [])
  }

  @Test("finishes one that nestor-host made, as launching it does")
  func own() async throws {
    let config: JSONValue = ["user.nestor.made": "old", "user.nestor.state": "incomplete"]
    recording.set("/1.0/instances?recursion=1", [Self.container("Stopped", ["config": config])])
    recording.set("/1.0/storage-pools/default/volumes/custom?recursion=1", [])
    try await prepare()
    #expect(recording.changes.contains("PUT /1.0/instances/old/state"))
    #expect(try await found["config"]?["user.nestor.state"] == "ready")
    #expect(try await found["config"]?["user.nestor.before"] == nil)
  }

  @Test("has the container's own addresses and guests in the list, with those of its bridge")
  func list() async throws {
    recording.set(
      "/1.0/instances?recursion=1",
      [
        Self.container("Running", ["config": ["user.nestor.made": "old", "user.nestor.state": "ready"]]),
        ["name": "strange", "config": [:], "status": "Running"],
      ])
    let addresses: JSONValue = [
      ["address": "10.0.0.7", "scope": "global"], ["address": "fe80::1", "scope": "link"],
    ]
    recording.set(
      "/1.0/instances/old/state",
      ["network": ["eth0": ["addresses": []], "br0": ["addresses": addresses], "virbr0": ["addresses": addresses]]])
    recording.set("/1.0/instances/old/files?path=/etc/libvirt/qemu", ["web.xml", "networks", "db.xml"])
    #expect(
      try await provisioner.containers() == [
        ContainerSummary(
          name: "old", status: "Running", state: "ready", guests: ["db", "web"], addresses: ["10.0.0.7"])
      ])
  }
}
