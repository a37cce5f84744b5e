import Glibc
import Libvirt
import NestorSupport
import Synchronization
import Testing

@testable import NestorDoctor
@testable import Probes

@Suite("nestor doctor --fix")
struct DoctorFixTests {
  @Test("writes what an unprivileged container's libvirt needs into qemu.conf, once, and restarts the daemon")
  func qemuConfiguration() async throws {
    let fixture = try DoctorFixture(FakeLibvirt { $0.guests = 3 })
    let original = try fixture.text("/etc/libvirt/qemu.conf")
    chmod(fixture.root + "/etc/libvirt/qemu.conf", 0o600)
    let before = try await fixture.check("qemu-conf")
    #expect(before.finding.verdict == .fail && before.repair == nil)
    #expect(before.finding.remedy?.contains("remember_owner = 0") == true)
    #expect(try fixture.text("/etc/libvirt/qemu.conf") == original)

    let after = try await fixture.check("qemu-conf", fixing: true)
    #expect(after.finding.verdict == .pass && after.repair == .fixed)
    let written = try fixture.text("/etc/libvirt/qemu.conf")
    #expect(written.hasPrefix(original) && written.hasSuffix("\nremember_owner = 0\n"))
    // 11.3 can make a private /dev here: that protection stays.
    #expect(!written.contains("namespaces"))
    #expect(fixture.restarts.withLock { $0 } == 1)
    #expect(fixture.notes.withLock { $0.contains { $0.contains("3 running guests go on") } })
    var information = stat()
    #expect(stat(fixture.root + "/etc/libvirt/qemu.conf", &information) == 0)
    #expect(information.st_mode & 0o7777 == 0o600)

    let again = try await fixture.check("qemu-conf", fixing: true)
    #expect(again.repair == nil)
    #expect(try fixture.text("/etc/libvirt/qemu.conf") == written)
    #expect(fixture.restarts.withLock { $0 } == 1)
  }

  @Test("goes on over a new connection after it has restarted libvirt's daemon")
  func newConnection() async throws {
    let fixture = try DoctorFixture(FakeLibvirt { $0.network?.isActive = false })
    let opened = Mutex(0)
    let results = await Doctor(
      fixture.context {
        $0.libvirt = LibvirtAccess {
          let isFirst = opened.withLock { count in
            count += 1
            return count == 1
          }
          // The connection from before the restart serves the first round, and nothing after it.
          return isFirst ? ClosingLibvirt(fixture) : fixture.libvirt
        }
      }
    ).examine(fixing: true)
    #expect(results.first { $0.id == "qemu-conf" }?.repair == .fixed)
    #expect(results.first { $0.id == "network" }?.repair == .fixed)
  }

  /// A connection that ends with the daemon's restart.
  private struct ClosingLibvirt: LibvirtInspecting {
    let fixture: DoctorFixture

    init(_ fixture: DoctorFixture) { self.fixture = fixture }

    private func libvirt() throws -> FakeLibvirt {
      guard fixture.restarts.withLock({ $0 }) == 0 else {
        throw LibvirtError(code: .internalError, message: "client socket is closed", call: "virNetworkCreate")
      }
      return fixture.libvirt
    }

    func driverName() async throws -> String { try await libvirt().driverName() }
    func uri() async throws -> String { try await libvirt().uri() }
    func libvirtVersion() async throws -> Version { try await libvirt().libvirtVersion() }
    func hypervisorVersion() async throws -> Version { try await libvirt().hypervisorVersion() }
    func capabilities() async throws -> String { try await libvirt().capabilities() }
    func guestCapabilities() async throws -> String { try await libvirt().guestCapabilities() }
    func network(named name: String) async throws -> NetworkState? { try await libvirt().network(named: name) }
    func startNetwork(named name: String) async throws { try await libvirt().startNetwork(named: name) }
    func autostartNetwork(named name: String) async throws { try await libvirt().autostartNetwork(named: name) }
    func defineNetwork(xml: String) async throws { try await libvirt().defineNetwork(xml: xml) }
    func runningGuests() async throws -> Int { try await libvirt().runningGuests() }
  }

  @Test("changes a setting that says otherwise where it stands, and says that only it can")
  func otherSetting() async throws {
    let fixture = try DoctorFixture()
    try fixture.write("/etc/libvirt/qemu.conf", "remember_owner = 1 # mine\nuser = \"x\"\n")
    #expect(try await fixture.check("qemu-conf").finding.remedy == "nestor doctor --fix")
    #expect(try await fixture.check("qemu-conf", fixing: true).repair == .fixed)
    let written = try fixture.text("/etc/libvirt/qemu.conf")
    #expect(written.hasSuffix("\nremember_owner = 0 # mine\nuser = \"x\"\n"))
  }

  @Test("gives up QEMU's private /dev only for a libvirt that cannot make one, and says when it is given up in vain")
  func namespaces() async throws {
    let old = try DoctorFixture(FakeLibvirt { $0.version = Version(9, 0) })
    #expect(try await old.check("qemu-conf", fixing: true).repair == .fixed)
    #expect(try old.text("/etc/libvirt/qemu.conf").contains("\nnamespaces = []\n"))
    let new = try DoctorFixture()
    try new.write("/etc/libvirt/qemu.conf", "remember_owner = 0\nnamespaces = []\n")
    let finding = try await new.check("qemu-conf").finding
    #expect(finding.verdict == .warn && finding.detail.contains("private /dev"))
  }

  @Test("leaves qemu.conf alone outside of unprivileged containers")
  func host() async throws {
    let fixture = try DoctorFixture()
    try fixture.write("/proc/self/uid_map", "0 0 4294967295\n")
    #expect(try await fixture.check("qemu-conf", fixing: true).finding.verdict == .skip)
    #expect(try fixture.text("/etc/libvirt/qemu.conf") == "#remember_owner = 1\n")
  }

  @Test("does not touch a malformed qemu.conf, and says where it is malformed")
  func malformed() async throws {
    let fixture = try DoctorFixture()
    try fixture.write("/etc/libvirt/qemu.conf", "user = \"x\n")
    let result = try await fixture.check("qemu-conf", fixing: true)
    #expect(result.finding.verdict == .fail)
    guard case .failed(let reason) = result.repair else {
      Issue.record("it should not have been mended")
      return
    }
    #expect(reason.contains("/etc/libvirt/qemu.conf:1"))
    #expect(try fixture.text("/etc/libvirt/qemu.conf") == "user = \"x\n")
    #expect(fixture.restarts.withLock { $0 } == 0)
  }

  @Test("says so when libvirt's daemon cannot be restarted")
  func failedRestart() async throws {
    let fixture = try DoctorFixture()
    let result = try await fixture.check("qemu-conf", fixing: true) {
      $0.restartDaemon = { throw NestorError(.timedOut, "libvirtd does not end") }
    }
    #expect(result.repair == .failed("libvirtd does not end"))
  }

  private func appArmorMachine() throws -> DoctorFixture {
    let fixture = try DoctorFixture()
    try fixture.write("/sys/module/apparmor/parameters/enabled", "Y\n")
    try fixture.write("/dev/vhost-vsock", "")
    try fixture.write(
      "/etc/apparmor.d/abstractions/libvirt-qemu",
      "/dev/net/tun rw,\ninclude if exists <local/abstractions/libvirt-qemu>\n")
    return fixture
  }

  @Test("appends AppArmor's line for vhost-vsock, once, also where the file is missing")
  func appArmor() async throws {
    let path = "/etc/apparmor.d/local/abstractions/libvirt-qemu"
    for original in [nil, "# mine\n/dev/x r,"] {
      let fixture = try appArmorMachine()
      if let original { try fixture.write(path, original) }
      #expect(try await fixture.check("apparmor").finding.verdict == .warn)
      #expect(try await fixture.check("apparmor", fixing: true).repair == .fixed)
      let written = try fixture.text(path)
      #expect(written.hasPrefix(original ?? "# Added by nestor doctor"))
      #expect(written.hasSuffix("\n/dev/vhost-vsock rw,\n"))
      #expect(try await fixture.check("apparmor", fixing: true).repair == nil)
      #expect(try fixture.text(path) == written)
    }
  }

  @Test("lets virt-aa-helper read the guests' disks, once, and has the kernel take the rules anew")
  func appArmorHelper() async throws {
    let fixture = try DoctorFixture()
    let (own, local) = (
      "/etc/apparmor.d/usr.lib.libvirt.virt-aa-helper", "/etc/apparmor.d/local/usr.lib.libvirt.virt-aa-helper"
    )
    #expect(try await fixture.check("apparmor-disks").finding.verdict == .skip)
    try fixture.write("/sys/module/apparmor/parameters/enabled", "Y\n")
    #expect(try await fixture.check("apparmor-disks").finding.verdict == .skip)
    try fixture.write(own, "profile virt-aa-helper {\n  include if exists <local/usr.lib.libvirt.virt-aa-helper>\n}\n")
    try fixture.write(local, "/mine r,\n")
    let reloaded = Mutex<[String]>([])
    let change: (inout DoctorContext) -> Void = {
      $0.reloadProfile = { path in reloaded.withLock { $0.append(path) } }
    }
    #expect(try await fixture.check("apparmor-disks").finding.verdict == .warn)
    #expect(try await fixture.check("apparmor-disks", fixing: true, change).repair == .fixed)
    let written = try fixture.text(local)
    #expect(
      written.hasPrefix("/mine r,\n# Added by nestor doctor") && written.hasSuffix("/guests/*/* r,\n"), "\(written)")
    #expect(reloaded.withLock { $0 } == [own])
    #expect(try await fixture.check("apparmor-disks", fixing: true, change).repair == nil)
    #expect(try fixture.text(local) == written)
  }

  @Test("has libvirt-guests save and wake the guests, keeps what else the administrator set, and does so once")
  func shutdown() async throws {
    let settings = "/etc/default/libvirt-guests"
    for original in ["#ON_SHUTDOWN=suspend\nON_BOOT='ignore' # mine\nURIS=default", "ON_BOOT=start\n"] {
      let fixture = try DoctorFixture()
      try fixture.write("/usr/lib/systemd/system/libvirt-guests.service", "[Unit]\n")
      try fixture.write(settings, original)
      #expect(try await fixture.check("shutdown").finding.detail == "\(settings) does not say ON_SHUTDOWN=suspend")
      let enabled = Mutex<[String]>([])
      let change: (inout DoctorContext) -> Void = {
        $0.enableService = { name in
          enabled.withLock { $0.append(name) }
          try fixture.write("/etc/systemd/system/multi-user.target.wants/\(name)", "")
        }
      }
      #expect(try await fixture.check("shutdown", fixing: true, change).repair == .fixed)
      let written = try fixture.text(settings)
      #expect(
        written.hasPrefix(original)
          && written.hasSuffix("\nON_SHUTDOWN=suspend\n\(original == "ON_BOOT=start\n" ? "" : "ON_BOOT=start\n")"))
      #expect(enabled.withLock { $0 } == ["libvirt-guests.service"])
      let addition = "/etc/systemd/system/libvirt-guests.service.d/nestor.conf"
      #expect(try fixture.text(addition).hasSuffix(" sync-clock --all\n"))
      #expect(try await fixture.check("shutdown", fixing: true, change).repair == nil)
      #expect(try fixture.text(settings) == written)
      for part in [addition, "/etc/systemd/system/multi-user.target.wants/libvirt-guests.service"] {
        try fixture.remove(part)
        #expect(try await fixture.check("shutdown").finding.verdict == .warn)
        #expect(try await fixture.check("shutdown", fixing: true, change).repair == .fixed)
      }
      try fixture.remove("/usr/lib/systemd/system/libvirt-guests.service")
      #expect(try await fixture.check("shutdown").finding.verdict == .skip)
    }
  }

  @Test("writes no AppArmor rule that nobody would read, and skips where there is no AppArmor or no vhost-vsock")
  func appArmorElsewhere() async throws {
    let fixture = try appArmorMachine()
    try fixture.write("/etc/apparmor.d/abstractions/libvirt-qemu", "/dev/net/tun rw,\n")
    let result = try await fixture.check("apparmor", fixing: true)
    #expect(result.finding.verdict == .warn)
    #expect(result.repair != nil && result.repair != .fixed)
    #expect(!FileTree.exists(fixture.root + "/etc/apparmor.d/local/abstractions/libvirt-qemu"))
    try fixture.remove("/dev/vhost-vsock")
    #expect(try await fixture.check("apparmor").finding.verdict == .skip)
    try fixture.remove("/sys/module/apparmor")
    #expect(try await fixture.check("apparmor").finding.verdict == .skip)
  }

  @Test("starts the default network, now and for good, and then tries DHCP that could not be tried before")
  func network() async throws {
    let fixture = try DoctorFixture(
      FakeLibvirt {
        $0.network = NetworkState(isActive: false, startsByItself: false, bridge: "virbr7", hasDHCP: true)
      })
    let results = await Doctor(fixture.context()).examine(fixing: true)
    #expect(results.first { $0.id == "network" }?.repair == .fixed)
    #expect(results.first { $0.id == "dhcp" }?.finding.verdict == .pass)
    #expect(fixture.libvirt.calls == ["autostart default", "start default"])
  }

  @Test("defines a missing default network from the package's file, and says what is missing without that")
  func missingNetwork() async throws {
    let fixture = try DoctorFixture(FakeLibvirt { $0.network = nil })
    let failed = try await fixture.check("network", fixing: true)
    #expect(failed.finding.verdict == .fail)
    #expect("\(String(describing: failed.repair))".contains("libvirt-daemon-config-network"))
    try fixture.write("/usr/share/libvirt/networks/default.xml", "<network/>")
    #expect(try await fixture.check("network", fixing: true).repair == .fixed)
    #expect(fixture.libvirt.calls == ["define <network/>", "autostart default", "start default"])
  }

  @Test("passes on why libvirt cannot start the network")
  func networkRefused() async throws {
    let fixture = try DoctorFixture(
      FakeLibvirt {
        $0.network?.isActive = false
        $0.startFailure = LibvirtError(code: .internalError, message: "no dnsmasq here", call: "virNetworkCreate")
      })
    let result = try await fixture.check("network", fixing: true)
    #expect("\(String(describing: result.repair))".contains("no dnsmasq here"))
  }

  @Test("finds the daemon that runs, and is not misled by the number of one that is gone")
  func daemon() throws {
    let fixture = try DoctorFixture()
    let daemon = LibvirtDaemon(root: SystemRoot(fixture.root))
    #expect(daemon.running() == nil)
    try fixture.write("/run/libvirtd.pid", "123\n")
    #expect(daemon.running() == nil)
    try fixture.write("/proc/123/comm", "bash\n")
    #expect(daemon.running() == nil)
    try fixture.write("/proc/123/comm", "libvirtd\n")
    #expect(daemon.running() == LibvirtDaemon.Process(name: "libvirtd", id: 123))
    #expect(!daemon.hasSystemd)
    try fixture.write("/run/systemd/system/x", "")
    #expect(daemon.restartCommand == "systemctl restart libvirtd")
  }
}
