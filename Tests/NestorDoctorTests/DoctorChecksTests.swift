import Glibc
import Libvirt
import NestorSupport
import Synchronization
import Testing

@testable import NestorDoctor
@testable import Probes

@Suite("The doctor")
struct DoctorChecksTests {
  private func kvm(_ status: KVMProbe.Status) -> @Sendable (String) -> KVMProbe.Result {
    { _ in KVMProbe.Result(status: status, limit: .seconds(2), maximumRatio: 20) }
  }

  private let noDevice = KVMProbe.Status.unavailable(.noDevice(SystemError("open /dev/kvm", number: ENOENT)))

  @Test("finds the sockets of a switch for vhost-user cards, and takes no other file for one")
  func switchSockets() async throws {
    let fixture = try DoctorFixture()
    try fixture.write("/run/openvswitch/ovs-vswitchd.pid", "1")
    #expect(try await fixture.check("vhost-user").finding.verdict == .skip)
    for name in ["br0.mgmt", "lab"] {
      try #require(mknod("\(fixture.root)/run/openvswitch/\(name)", S_IFSOCK | 0o600, 0) == 0)
      let finding = try await fixture.check("vhost-user").finding
      #expect(finding.verdict == (name == "lab" ? .pass : .skip), "\(finding)")
      if name == "lab" { #expect(finding.detail.hasSuffix(" /run/openvswitch/lab"), "\(finding)") }
    }
  }

  @Test("has checks with names of their own, and a reason and a remedy for each")
  func requirements() throws {
    let requirements = Doctor(try DoctorFixture().context()).requirements
    #expect(Set(requirements.map(\.id)).count == requirements.count)
    #expect(requirements.allSatisfy { !$0.what.isEmpty && !$0.reason.isEmpty && !$0.remedy.isEmpty })
  }

  @Test("warns without usable KVM, and fails when KVM is required", arguments: [true, false])
  func requiredKVM(requires: Bool) async throws {
    let result = try await DoctorFixture().check("kvm") {
      $0.probeKVM = kvm(.tooSlow)
      $0.requiresKVM = requires
    }
    #expect(result.finding.verdict == (requires ? .fail : .warn))
    #expect(result.finding.remedy?.contains("emulation") == true)
  }

  @Test("passes KVM that the probe finds usable")
  func usableKVM() async throws {
    let result = try await DoctorFixture().check("kvm") {
      $0.probeKVM = kvm(.usable)
      $0.requiresKVM = true
    }
    #expect(result.finding.verdict == .pass)
    #expect(result.finding.remedy == nil)
  }

  @Test("says on the host's side how /dev/kvm gets into the container whose kernel has KVM")
  func kvmNotHandedIn() async throws {
    let fixture = try DoctorFixture()
    try fixture.write("/proc/misc", "232 kvm\n")
    let result = try await fixture.check("kvm") { $0.probeKVM = kvm(noDevice) }
    #expect(
      result.finding.remedy
        == "on the host: lxc config device add lab kvm unix-char path=/dev/kvm mode=0660 gid=107")
    try fixture.remove("/dev/lxd")
    try fixture.write("/dev/incus/sock", "")
    let other = try await fixture.check("kvm") { $0.probeKVM = kvm(noDevice) }
    #expect(other.finding.remedy?.contains("incus config device add") == true)
  }

  @Test(
    "tells the reasons apart for which a machine has no KVM",
    arguments: [
      ("flags : fpu hypervisor\n", "nested"), ("flags : fpu\n", "firmware"), ("flags : fpu svm\n", "kernel with KVM"),
    ])
  func kvmAbsence(flags: String, word: String) async throws {
    let fixture = try DoctorFixture()
    try fixture.write("/proc/cpuinfo", "vendor_id : AuthenticAMD\n\(flags)")
    let result = try await fixture.check("kvm") { $0.probeKVM = kvm(noDevice) }
    #expect(result.finding.remedy?.contains(word) == true, "\(result.finding.remedy ?? "none")")
  }

  @Test("drops a remembered verdict on KVM that has become wrong, and keeps one that still holds")
  func rememberedVerdict() async throws {
    let fixture = try DoctorFixture()
    try fixture.write("/runtime/kvm-1234", "usable\nfast\n")
    _ = try await fixture.check("kvm") { $0.probeKVM = kvm(.usable) }
    #expect(FileTree.exists("\(fixture.root)/runtime/kvm-1234"))
    _ = try await fixture.check("kvm") { $0.probeKVM = kvm(.tooSlow) }
    #expect(!FileTree.exists("\(fixture.root)/runtime/kvm-1234"))
  }

  @Test("opens /dev/kvm as the user that libvirt names", .enabled(if: geteuid() == 0, "needs root"))
  func kvmAccess() async throws {
    let fixture = try DoctorFixture()
    #expect(try await fixture.check("kvm-access").finding.verdict == .skip)
    try fixture.write("/dev/kvm", "", mode: 0o600)
    let denied = try await fixture.check("kvm-access") { $0.requiresKVM = true }
    #expect(denied.finding.verdict == .fail)
    // Group kvm is that user's in this machine's /etc/passwd, so only the file has to change.
    #expect(denied.finding.remedy?.hasPrefix("chown root:kvm /dev/kvm && chmod 0660 /dev/kvm") == true)
    chmod(fixture.root + "/dev/kvm", 0o660)
    chown(fixture.root + "/dev/kvm", 0, 107)
    #expect(try await fixture.check("kvm-access").finding.verdict == .pass)
    // Without group kvm as its own the user has no right any more, and the remedy begins there.
    try fixture.write("/etc/passwd", "libvirt-qemu:x:64055:64055:::/x\n")
    let other = try await fixture.check("kvm-access")
    #expect(other.finding.verdict == .warn)
    #expect(other.finding.remedy?.hasPrefix("usermod --append --groups kvm libvirt-qemu && ") == true)
  }

  @Test("finds QEMU's user by libvirt, then by qemu.conf, then by the distribution")
  func account() throws {
    let fixture = try DoctorFixture()
    let context = fixture.context()
    let named = try QEMUAccount(context: context, capabilities: FakeLibvirt.capabilities)
    #expect(named.name == "libvirt-qemu" && named.source == "libvirt")
    #expect(named.identity == UserIdentity(user: 64055, group: 64055, groups: [64055, 107]))
    let usual = try QEMUAccount(context: context, capabilities: nil)
    #expect(usual.identity.user == 64055 && usual.identity.group == 107 && usual.source == "this distribution")
    for (user, number) in [("root", UInt32(0)), ("+0", 0), ("64055", 64055)] {
      try fixture.write("/etc/libvirt/qemu.conf", "user = \"\(user)\"\ngroup = \"kvm\"\n")
      let account = try QEMUAccount(context: context, capabilities: nil)
      #expect(account.identity.user == number && account.identity.group == 107 && account.source == "qemu.conf")
    }
    try fixture.write("/etc/libvirt/qemu.conf", "user = \"nobody-at-all\"\n")
    #expect(throws: NestorError.self) { try QEMUAccount(context: context, capabilities: nil) }
  }

  @Test("says how missing devices get in, by what the kernel has of them")
  func missingDevices() async throws {
    let fixture = try DoctorFixture()
    try fixture.write("/proc/misc", "238 vhost-net\n")
    let net = try await fixture.check("vhost-net").finding
    #expect(net.verdict == .warn)
    #expect(
      net.remedy == "on the host: lxc config device add lab vhost-net unix-char path=/dev/vhost-net mode=0660 gid=107")
    let vsock = try await fixture.check("vhost-vsock").finding
    #expect(vsock.verdict == .warn)
    #expect(vsock.remedy?.hasPrefix("on the host: modprobe vhost_vsock && lxc config device add") == true)
    #expect(try await fixture.check("tun").finding.verdict == .fail)
  }

  @Test("skips as another user what takes root, and says so")
  func withoutRoot() async throws {
    let results = await Doctor(try DoctorFixture().context { $0.isRoot = false }).examine()
    for id in ["tun", "qemu-conf", "dhcp"] {
      let finding = results.first { $0.id == id }?.finding
      #expect(finding?.verdict == .skip, "\(id)")
      #expect(finding?.detail.contains("root") == true, "\(id)")
    }
  }

  @Test("fails without libvirt, says how to start it, and skips what needs it")
  func noLibvirt() async throws {
    let fixture = try DoctorFixture()
    let results = await Doctor(
      fixture.context {
        $0.libvirt = LibvirtAccess {
          throw LibvirtError(code: .systemError, message: "Failed to connect socket to\n'/x'", call: "virConnectOpen")
        }
      }
    ).examine()
    let libvirt = try #require(results.first { $0.id == "libvirt" })
    #expect(libvirt.finding.verdict == .fail)
    #expect(libvirt.finding.detail.contains("no daemon runs"))
    #expect(!libvirt.finding.detail.contains("\n"))
    #expect(libvirt.finding.remedy == "virtlogd -d; libvirtd -d")
    for id in ["qemu", "uefi", "tpm", "network", "dhcp"] {
      #expect(results.first { $0.id == id }?.finding.verdict == .skip, "\(id)")
    }
  }

  @Test("does not blame libvirt's daemon for refusing another user than root", arguments: [true, false])
  func refusal(isRoot: Bool) async throws {
    let finding = try await DoctorFixture().check("libvirt") {
      $0.isRoot = isRoot
      $0.libvirt = LibvirtAccess {
        throw LibvirtError(
          code: .systemError, message: "Failed to connect socket to '/x': Permission denied", call: "virConnectOpen")
      }
    }.finding
    #expect(finding.verdict == (isRoot ? .fail : .skip))
  }

  @Test("finds a QEMU without q35, UEFI or TPM")
  func poorQEMU() async throws {
    let fixture = try DoctorFixture(
      FakeLibvirt {
        $0.capabilities = $0.capabilities.replacing("q35", with: "isapc")
        $0.guestCapabilities = "<domainCapabilities><os/><devices/></domainCapabilities>"
      })
    let results = await Doctor(fixture.context()).examine()
    let verdicts = Dictionary(uniqueKeysWithValues: results.map { ($0.id, $0.finding.verdict) })
    #expect(verdicts["qemu"] == .fail)
    #expect(verdicts["uefi"] == .warn)
    #expect(verdicts["tpm"] == .warn)
  }

  @Test("takes capabilities that are no XML as a failure, not as its end")
  func brokenCapabilities() async throws {
    let fixture = try DoctorFixture(FakeLibvirt { $0.capabilities = "<capabilities>" })
    #expect(try await fixture.check("qemu").finding.verdict == .fail)
  }

  @Test("skips QEMU's checks on a connection to another driver")
  func otherDriver() async throws {
    let fixture = try DoctorFixture(FakeLibvirt { $0.driver = "Test" })
    #expect(try await fixture.check("libvirt").finding.verdict == .warn)
    #expect(try await fixture.check("qemu").finding.verdict == .skip)
  }

  @Test("fails where QEMU's user has no number in the container")
  func users() async throws {
    let fixture = try DoctorFixture()
    #expect(try await fixture.check("container").finding.verdict == .pass)
    try fixture.write("/proc/self/uid_map", "0 1000000 60000\n")
    #expect(try await fixture.check("container").finding.verdict == .fail)
  }

  @Test("warns in a copy of a container, until its guests are others or were said to stay")
  func copied() async throws {
    let fixture = try DoctorFixture()
    try fixture.write("/proc/sys/kernel/hostname", "lab2\n")
    try fixture.write("/sys/class/net/eth0/type", "1\n")
    try fixture.write("/sys/class/net/eth0/address", "00:16:3e:00:00:02\n")
    let state = fixture.context().state
    #expect(try await fixture.check("copied").finding.verdict == .pass)
    for uuid in ["a", "b"] { try FileTree.makeDirectory("\(state.guests)/\(uuid)") }
    try ContainerRecord(identity: ContainerIdentity(hostname: "lab", macAddresses: ["00:16:3e:00:00:01"])).write(state)
    let finding = try await fixture.check("copied").finding
    #expect(finding.verdict == .warn && finding.detail == "this is a copy of container 'lab', with 2 of its guests")
    #expect(finding.remedy?.contains("nestor renew --copied") == true)
    for uuid in ["a", "b"] { try FileTree.remove("\(state.guests)/\(uuid)") }
    #expect(try await fixture.check("copied").finding.verdict == .pass)
    let present = try #require(ContainerIdentity(root: fixture.context().root))
    try ContainerRecord(identity: present, source: "lab", twins: ["c"]).write(state)
    try FileTree.makeDirectory("\(state.guests)/c")
    #expect(try await fixture.check("copied").finding.verdict == .warn)
    try ContainerRecord(identity: present).write(state)
    #expect(try await fixture.check("copied").finding.verdict == .pass)
  }

  @Test("finds networks that are missing, off, or off after the next boot")
  func networks() async throws {
    let cases: [(NetworkState?, Finding.Verdict, String)] = [
      (nil, .fail, "net-define"),
      (NetworkState(isActive: false, startsByItself: false, bridge: "b", hasDHCP: true), .fail, "net-autostart"),
      (NetworkState(isActive: false, startsByItself: true, bridge: "b", hasDHCP: true), .fail, "net-start"),
      (NetworkState(isActive: true, startsByItself: false, bridge: "b", hasDHCP: true), .warn, "net-autostart"),
    ]
    for (state, verdict, word) in cases {
      let finding = try await DoctorFixture(FakeLibvirt { $0.network = state }).check("network").finding
      #expect(finding.verdict == verdict)
      #expect(finding.remedy?.contains(word) == true)
    }
    #expect(try await DoctorFixture().check("network").finding.verdict == .pass)
  }

  @Test("fails where nobody answers DHCP, and says whether dnsmasq runs")
  func silentDHCP() async throws {
    let fixture = try DoctorFixture()
    #expect(try await fixture.check("dhcp").finding.verdict == .pass)
    let dead = try await fixture.check("dhcp") { $0.askForAddress = { _ in .failure(.silence) } }.finding
    #expect(dead.verdict == .fail && dead.detail.contains("no dnsmasq"))
    try fixture.write("/run/libvirt/network/default.pid", "77\n")
    try fixture.write("/proc/77/comm", "dnsmasq\n")
    let deaf = try await fixture.check("dhcp") { $0.askForAddress = { _ in .failure(.silence) } }.finding
    #expect(deaf.verdict == .fail && deaf.detail.contains("process 77"))
  }

  @Test(
    "weighs the room on disks",
    arguments: [(UInt64(100) << 20, Finding.Verdict.fail), (1 << 30, .warn), (5 << 30, .pass)])
  func room(bytes: UInt64, verdict: Finding.Verdict) async throws {
    let finding = try await DoctorFixture().check("disk-nestor") {
      $0.probeSpace = { _ in
        .success(DiskSpaceProbe.Result(availableBytes: bytes, totalBytes: 1 << 40, isReadOnly: false))
      }
    }.finding
    #expect(finding.verdict == verdict)
  }

  @Test("does not wait for a check that hangs")
  func hanging() async throws {
    let fixture = try DoctorFixture()
    let isHanging = Atomic(true)
    defer {
      isHanging.store(false, ordering: .relaxed)
      try? FileTree.remove(fixture.root)
    }
    let context = fixture.context {
      $0.probeKVM = { _ in
        while isHanging.load(ordering: .relaxed) { usleep(10_000) }
        return KVMProbe.Result(status: .tooSlow, limit: .seconds(2), maximumRatio: 20)
      }
    }
    // It comes back although the probe still hangs. On a busy machine other checks may be late, too.
    let doctor = Doctor(context, timeLimit: .seconds(2))
    let results = await doctor.examine()
    #expect(results.map(\.id) == doctor.requirements.map(\.id))
    let kvm = try #require(results.first { $0.id == "kvm" })
    #expect(kvm.finding.verdict == .warn && kvm.finding.detail.contains("hangs"))
  }
}
