import NestorSupport
import Probes
import Testing

@testable import HostSetup

@Suite("A plan for the daemon's objects")
struct PlanTests {
  private static let standardDevices = [
    "/dev/kvm", "/dev/net/tun", "/dev/vhost-net", "/dev/vhost-vsock", "/dev/vsock",
  ]

  private func provisioner(
    _ recording: Recording, _ tree: HostTree, kind: DaemonKind = .lxd
  ) -> Provisioner {
    recording.provisioner(on: tree, kind: kind)
  }

  @Test("on a bare daemon makes pool, network and profile, and is empty once that is done")
  func bare() async throws {
    let recording = try Recording("lxd-5.0.2-bare")
    let tree = try HostTree(devices: Self.standardDevices)
    let provisioner = provisioner(recording, tree)
    let plan = try await provisioner.plan(HostChoices())
    #expect(plan.changes.map(\.object.title) == ["storage pool nestor", "network nestorbr0", "profile nestor"])
    #expect(plan.changes.allSatisfy { $0.action == .create })
    #expect(recording.changes.isEmpty)
    try await provisioner.apply(HostChoices())
    #expect(
      recording.changes == ["POST /1.0/storage-pools", "POST /1.0/networks", "POST /1.0/profiles"])
    let again = try await provisioner.plan(HostChoices())
    #expect(again.isEmpty)
    #expect(again.difference == "")
  }

  @Test("uses the pool and the network that are there")
  func existing() async throws {
    let recording = try Recording("lxd-5.0.2-initialised")
    let tree = try HostTree(devices: Self.standardDevices)
    let plan = try await provisioner(recording, tree).plan(HostChoices())
    #expect(plan.changes.map(\.object.title) == ["profile nestor"])
    let devices = plan.changes[0].after["devices"]
    #expect(devices?["root"]?["pool"] == "default")
    #expect(devices?["eth0"]?["network"] == "lxdbr0")
  }

  @Test("chooses a subnet that the host has no way to")
  func subnet() async throws {
    let plan = try await provisioner(try Recording("lxd-5.0.2-bare"), try HostTree()).plan(HostChoices())
    let network = try #require(plan.steps.first { $0.object.kind == .network })
    #expect(network.after["config"]?["ipv4.address"] == "10.57.91.1/24")
  }

  @Test("names only modules whose feature is not there, and goes on naming them once they are loaded")
  func modules() async throws {
    let recording = try Recording("lxd-5.0.2-initialised")
    let before = try HostTree(
      loadable: ["kvm_amd", "vhost_vsock", "vhost_net"], loaded: ["kvm", "tun", "bridge"],
      devices: ["/dev/kvm", "/dev/net/tun"])
    try await provisioner(recording, before).apply(HostChoices())
    let profile = try #require(try await provisioner(recording, before).daemon.inventory().profile("nestor"))
    #expect(profile["config"]?["linux.kernel_modules"] == "kvm_amd,vhost_net,vhost_vsock")
    let after = try HostTree(
      loaded: ["kvm", "tun", "bridge", "kvm_amd", "vhost_vsock", "vhost_net"], devices: Self.standardDevices)
    let plan = try await provisioner(recording, after).plan(HostChoices())
    // /dev/vsock came with the modules, and is offered from now on.
    #expect(plan.changes.map(\.after)[0]["config"]?["linux.kernel_modules"] == "kvm_amd,vhost_net,vhost_vsock")
  }

  @Test("names no module on a host without modprobe, where no container would start")
  func noModprobe() async throws {
    let tree = try HostTree(devices: Self.standardDevices, hasModprobe: false)
    let plan = try await provisioner(try Recording("lxd-5.0.2-initialised"), tree).plan(HostChoices())
    #expect(plan.changes[0].after["config"]?["linux.kernel_modules"] == nil)
  }

  @Test("leaves out devices that the host cannot have, and says so")
  func omissions() async throws {
    let tree = try HostTree(devices: ["/dev/net/tun"], hasModprobe: false)
    let plan = try await provisioner(try Recording("lxd-5.0.2-initialised"), tree).plan(HostChoices())
    #expect(Set(plan.changes[0].after["devices"]?.fields.keys.map { $0 } ?? []) == ["root", "eth0", "tun"])
    #expect(plan.notes.count == 4)
    #expect(plan.notes[0].hasPrefix("/dev/kvm is left out"))
  }

  @Test("never hands in what is not needed, and never makes a container privileged")
  func smallest() async throws {
    let tree = try HostTree(devices: Self.standardDevices + ["/dev/rtc", "/dev/hpet", "/dev/kqemu", "/dev/vhost-scsi"])
    let plan = try await provisioner(try Recording("lxd-5.0.2-initialised"), tree).plan(HostChoices())
    let body = plan.changes[0].after
    #expect(
      Set(body["devices"]?.fields.values.compactMap { $0["source"]?.string } ?? []) == Set(Self.standardDevices))
    let settings = Set(body["config"]?.fields.keys.map { $0 } ?? [])
    #expect(!settings.contains("security.privileged"))
    #expect(!settings.contains { $0.hasPrefix("raw.") })
    #expect(body["config"]?["security.nesting"] == "true")
  }

  @Test("remembers what was chosen, and forgets it on request", arguments: ["hugepages", "vfio-17"])
  func choices(_ extra: String) async throws {
    let recording = try Recording("lxd-5.0.2-initialised")
    let provisioner = provisioner(recording, try HostTree(devices: Self.standardDevices))
    var choices = HostChoices()
    choices.memory = "4GiB"
    choices.extras = [extra]
    try await provisioner.apply(choices)
    #expect(try await provisioner.plan(HostChoices()).isEmpty)
    choices.memory = "none"
    choices.extras = ["none"]
    let plan = try await provisioner.plan(choices)
    #expect(plan.changes[0].difference.contains("-  limits.memory: 4GiB\n"))
    #expect(plan.changes[0].difference.contains("-  limits.kernel.memlock: unlimited\n"))
  }

  @Test("does not overwrite a profile that was changed by hand, unless told to")
  func changedByHand() async throws {
    let recording = try Recording("lxd-5.0.2-initialised")
    let provisioner = provisioner(recording, try HostTree(devices: Self.standardDevices))
    try await provisioner.apply(HostChoices())
    var profiles = try await provisioner.daemon.list(.profile)
    let index = try #require(profiles.firstIndex { $0["name"] == "nestor" })
    let config = (profiles[index]["config"]?.fields ?? [:]).merging(["limits.cpu": "1"]) { $1 }
    profiles[index] = .object(profiles[index].fields.merging(["config": .object(config)]) { $1 })
    recording.set("/1.0/profiles?recursion=1", .array(profiles))
    let plan = try await provisioner.plan(HostChoices())
    #expect(plan.obstacles.map(\.code) == [.invalidState])
    #expect(
      plan.changes[0].difference.contains("-  limits.cpu: \"1\"\n") || plan.difference.contains("-  limits.cpu: 1\n"))
    let sent = recording.changes.count
    await #expect(throws: NestorError.self) { try await provisioner.apply(HostChoices()) }
    #expect(recording.changes.count == sent)
    try await provisioner.apply(HostChoices(), force: true)
    #expect(try await provisioner.plan(HostChoices()).isEmpty)
  }

  @Test("does not touch a profile of that name that somebody else made")
  func nameTaken() async throws {
    let recording = try Recording("lxd-5.0.2-initialised")
    recording.set("/1.0/profiles?recursion=1", [["name": "nestor", "config": [:], "devices": [:]]])
    let provisioner = provisioner(recording, try HostTree())
    let plan = try await provisioner.plan(HostChoices(), force: true)
    #expect(plan.obstacles.map(\.code) == [.exists])
    await #expect(throws: NestorError.self) { try await provisioner.apply(HostChoices(), force: true) }
    #expect(recording.changes.isEmpty)
  }

  @Test("does not change a profile that a container of somebody else's has")
  func inUse() async throws {
    let recording = try Recording("lxd-5.0.2-initialised")
    let provisioner = provisioner(recording, try HostTree(devices: Self.standardDevices))
    try await provisioner.apply(HostChoices())
    recording.set("/1.0/instances?recursion=1", [["name": "other", "profiles": ["nestor"], "config": [:]]])
    var choices = HostChoices()
    choices.cpus = "2"
    let plan = try await provisioner.plan(choices)
    #expect(plan.obstacles.map(\.code) == [.busy])
    #expect(plan.obstacles[0].message.contains("other"))
  }

  @Test("refuses choices that make no sense")
  func badChoices() async throws {
    let recording = try Recording("lxd-5.0.2-initialised")
    let provisioner = provisioner(recording, try HostTree())
    let changes: [(inout HostChoices) -> Void] = [
      { $0.profile = "default" }, { $0.profile = "../x" }, { $0.profile = "" }, { $0.pool = "a/b" },
      { $0.memory = "4 GiB" }, { $0.extras = ["kqemu"] }, { $0.extras = ["vfio-70000"] }, { $0.network = "a?b" },
    ]
    for change in changes {
      var choices = HostChoices()
      change(&choices)
      await #expect(throws: NestorError.self) { try await provisioner.plan(choices) }
    }
    #expect(recording.changes.isEmpty)
  }
}
