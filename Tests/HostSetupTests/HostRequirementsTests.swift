import NestorSupport
import Testing

@testable import HostSetup
@testable import Probes

@Suite("What a host needs")
struct HostRequirementsTests {
  private static let noDaemon = Result<ContainerDaemon, NestorError>.failure(
    NestorError(.unavailable, "there is no LXD", cause: "no socket", hint: "apt-get install lxd"))

  /// What the check of that name finds.
  private func finding(
    _ id: String, on tree: HostTree, extras: Set<String> = [], daemon: Result<ContainerDaemon, NestorError> = noDaemon,
    kvm: KVMProbe.Status = .usable
  ) async throws -> Finding {
    var requirements = HostRequirements(daemon: daemon, extras: extras, root: tree.root)
    requirements.probeKVM = { _ in KVMProbe.Result(status: kvm, limit: .seconds(2), maximumRatio: 20) }
    return await (try #require(requirements.all.first { $0.id == id })).check()
  }

  @Test("is told in checks with names of their own, each with what, why and remedy")
  func requirements() throws {
    let all = HostRequirements(
      daemon: Self.noDaemon, extras: ["hugepages", "vhost-scsi", "vfio-7"], root: try HostTree().root
    ).all
    #expect(Set(all.map(\.id)).count == all.count && all.count > 20)
    #expect(all.allSatisfy { !$0.what.isEmpty && !$0.reason.isEmpty && !$0.remedy.isEmpty })
  }

  @Test(
    "is KVM, with the remedy that fits why there is none",
    arguments: [
      (.noDevice(SystemError("open /dev/kvm", number: 2)), "modprobe kvm_amd && echo kvm_amd"),
      (.noDriver(SystemError("open /dev/kvm", number: 6)), "modprobe kvm_amd && echo kvm_amd"),
      (.busy(SystemError("KVM_CREATE_VM", number: 16)), "stop the other hypervisor"),
      (.hung(operation: "KVM_RUN"), "journalctl -k"),
    ] as [(KVMProbe.Unavailability, String)])
  func kvm(reason: KVMProbe.Unavailability, remedy: String) async throws {
    let tree = try HostTree(loadable: ["kvm_amd"])
    let found = try await finding("kvm", on: tree, kvm: .unavailable(reason))
    #expect(found.verdict == .warn && found.detail == reason.sentence)
    #expect(found.remedy?.contains(remedy) == true, "\(found)")
    #expect(found.remedy?.contains("on the host: lxc") == false, "\(found)")
  }

  @Test("is the device files, each with the command that brings its own")
  func devices() async throws {
    let bare = try HostTree()
    let absent = try await finding("device-vhost-vsock", on: bare)
    #expect(absent.verdict == .warn && absent.detail.hasSuffix("and no module vhost_vsock to load"), "\(absent)")
    #expect(absent.remedy?.hasPrefix("boot a kernel that has vhost_vsock") == true, "\(absent)")
    #expect(absent.remedy?.contains("(6.1.0-test)") == true, "\(absent)")

    let loadable = try await finding("device-tun", on: try HostTree(loadable: ["tun"]))
    #expect(loadable.verdict == .pass && loadable.detail.contains("which the daemon loads"), "\(loadable)")

    let lost = try await finding("device-tun", on: try HostTree(loaded: ["tun"]))
    #expect(lost.verdict == .fail && lost.detail == "there is no /dev/net/tun, although the kernel has tun", "\(lost)")
    #expect(lost.remedy == "modprobe -r tun && modprobe tun", "\(lost)")
    let builtIn = try HostTree()
    try builtIn.write("/proc/misc", "200 tun\n232 kvm\n")
    #expect(try await finding("device-tun", on: builtIn).remedy == "mknod -m 0660 /dev/net/tun c 10 200")
    let group = try await finding("device-vfio-7", on: try HostTree(loaded: ["vfio_pci"]), extras: ["vfio-7"])
    #expect(group.verdict == .fail && group.remedy?.contains("driverctl set-override") == true, "\(group)")

    let file = try await finding("device-tun", on: try HostTree(devices: ["/dev/net/tun"]))
    #expect(file.verdict == .fail && file.detail == "/dev/net/tun is no device", "\(file)")
  }

  @Test("is huge pages where they were chosen, and only there")
  func hugePages() async throws {
    let tree = try HostTree()
    #expect(!HostRequirements(daemon: Self.noDaemon, root: tree.root).all.contains { $0.id == "huge-pages" })
    let none = try await finding("huge-pages", on: tree, extras: ["hugepages"])
    #expect(none.verdict == .fail && none.detail.hasPrefix("none are set aside"), "\(none)")
    #expect(none.remedy?.contains("vm.nr_hugepages") == true, "\(none)")
    for (file, text) in [("nr_hugepages", "8\n"), ("free_hugepages", "5\n")] {
      try tree.write("/sys/kernel/mm/hugepages/hugepages-2048kB/\(file)", text)
    }
    let some = try await finding("huge-pages", on: tree, extras: ["hugepages"])
    #expect(some.verdict == .pass && some.detail.hasPrefix("5 of 8 free of 2 MiB"), "\(some)")
  }

  @Test("is users to give away, counted by the smaller of two files", arguments: [true, false])
  func users(isEnough: Bool) async throws {
    let tree = try HostTree()
    #expect(try await finding("id-map", on: tree).verdict == .pass, "without files the daemon has a range of its own")
    try tree.write("/etc/subuid", "other:1:9\nroot:1000000:1000000000\n")
    #expect(try await finding("id-map", on: tree).verdict == .fail, "one file alone")
    try tree.write("/etc/subgid", "root:1000000:\(isEnough ? 65536 : 65535)\n")
    let found = try await finding("id-map", on: tree)
    #expect(found.verdict == (isEnough ? .pass : .fail) && found.detail.contains(isEnough ? "65536" : "65535"))
  }

  @Test("is user namespaces, and whose vsock is whose", arguments: [("0\n", Finding.Verdict.fail), ("1500\n", .pass)])
  func kernel(most: String, verdict: Finding.Verdict) async throws {
    let tree = try HostTree()
    #expect(try await finding("user-namespaces", on: tree).verdict == .fail)
    try tree.write("/proc/sys/user/max_user_namespaces", most)
    #expect(try await finding("user-namespaces", on: tree).verdict == verdict)
    #expect(try await finding("vsock-namespace", on: tree).detail.contains("one space"))
    try tree.write("/proc/sys/net/vsock/child_ns_mode", "local\n")
    #expect(try await finding("vsock-namespace", on: tree).detail.contains("a vsock space of their own"))
  }

  @Test("is a daemon; without one its error is the finding, and what it would be asked is skipped")
  func daemon() async throws {
    let tree = try HostTree()
    #expect(
      try await finding("daemon", on: tree)
        == Finding(.fail, "there is no LXD: no socket", remedy: "apt-get install lxd"))
    #expect(try await finding("space", on: tree).verdict == .skip)
    let broken = try Recording("lxd-5.0.2-bare", faults: [("GET /1.0/projects", "Error: dial unix /x: refused")])
    let found = try await finding("project", on: tree, daemon: .success(ContainerDaemon(.lxd, transport: broken)))
    #expect(found.verdict == .fail && found.detail.contains("cannot look at the project default: "), "\(found)")
  }

  @Test(
    "is room in the pools of which the daemon tells", arguments: [(7, .pass), (9, .warn)] as [(Int64, Finding.Verdict)])
  func space(used: Int64, verdict: Finding.Verdict) async throws {
    let recording = try Recording("lxd-5.0.2-initialised")
    let daemon = Result<ContainerDaemon, NestorError>.success(ContainerDaemon(.lxd, transport: recording))
    recording.set(
      "/1.0/storage-pools/default/resources",
      .object(["space": .object(["total": .integer(11 << 30), "used": .integer(used << 30)])]))
    let found = try await finding("space", on: try HostTree(), daemon: daemon)
    #expect(found.verdict == verdict && found.detail == "default has \(11 - used) GiB of 11 GiB free", "\(found)")
    let bare = ContainerDaemon(.lxd, transport: try Recording("lxd-5.0.2-bare"))
    #expect(try await finding("space", on: try HostTree(), daemon: .success(bare)).verdict == .skip)
  }

  @Test("is a project that allows what guests need")
  func project() async throws {
    let recording = try Recording("lxd-5.0.2-bare")
    let daemon = Result<ContainerDaemon, NestorError>.success(ContainerDaemon(.lxd, transport: recording))
    recording.set(
      "/1.0/projects/default", ["config": ["restricted": "true", "restricted.containers.nesting": "allow"]])
    let found = try await finding("project", on: try HostTree(), daemon: daemon)
    #expect(found.verdict == .fail && found.remedy == "lxc project set default restricted.devices.unix-char allow")
    recording.set("/1.0/projects/default", ["config": [:]])
    #expect(try await finding("project", on: try HostTree(), daemon: daemon).verdict == .pass)
  }
}
