import Glibc
import GuestClient
import GuestProtocol
import GuestTransport
import Synchronization
import Testing

@testable import GuestAgent

@Suite("A copy's own identity") struct IdentityTests {
  private func reset(_ guest: FakeGuest, _ change: (inout IdentityRequest) -> Void) throws -> IdentityReply {
    var request = IdentityRequest()
    change(&request)
    return try AgentPair(system: guest.system).session().resetIdentity(request)
  }

  private func change(_ old: String, _ new: String) -> InterfaceIdentity {
    var change = InterfaceIdentity()
    (change.oldMAC, change.newMAC) = (old, new)
    return change
  }

  private func card(_ guest: FakeGuest, _ name: String, _ mac: String) throws {
    try guest.write("/sys/class/net/\(name)/address", "\(mac)\n")
    guest.folder("/sys/class/net/\(name)/device")
  }

  @Test("begins with its name, in the kernel and in both files")
  func hostname() throws {
    let guest = try FakeGuest()
    try guest.write("/etc/hostname", "origin\n")
    try guest.write("/etc/hosts", "127.0.0.1 localhost origin\n127.0.1.1\torigin.lan origin originals\n::1 x\n")
    let reply = try reset(guest) { $0.hostname = "copy-1.lab" }
    #expect(reply.problems == [])
    #expect(guest.kernel.hostname() == "copy-1.lab")
    #expect(guest.text("/etc/hostname") == "copy-1.lab\n")
    #expect(
      guest.text("/etc/hosts")
        == "127.0.0.1 localhost origin\n127.0.1.1\tcopy-1.lab.lan copy-1.lab originals\n::1 x\n")
    #expect(guest.system.names(in: "/etc") == ["hostname", "hosts"])
  }

  @Test(
    "has no name that is none",
    arguments: [
      "-a", "a-", "a b", "a/b", "ä", "a..b", ".", "a\n", String(repeating: "a", count: 64),
      "a." + String(repeating: "b", count: 63),
    ])
  func badHostname(name: String) throws {
    let guest = try FakeGuest()
    #expect { try reset(guest) { $0.hostname = name } } throws: { ($0 as? OperationFailure)?.error.code == .invalid }
    #expect(guest.kernel.calls.isEmpty)
  }

  @Test("has a machine ID that no other has, and D-Bus has the same")
  func machineID() throws {
    let guest = try FakeGuest()
    let old = "b08dfa6083e7567a1921a715000001fb\n"
    try guest.write("/etc/machine-id", old)
    try guest.write("/var/lib/dbus/machine-id", old)
    #expect(try reset(guest) { $0.resetsMachineID = true }.problems == [])
    let new = Array(try #require(guest.text("/etc/machine-id")).utf8)
    #expect(new.count == 33)
    #expect(new[12] == UInt8(ascii: "4"))
    #expect(Array("89ab".utf8).contains(new[16]))
    #expect(guest.text("/etc/machine-id") != old)
    #expect(guest.text("/var/lib/dbus/machine-id") == guest.text("/etc/machine-id"))
    var information = stat()
    #expect(stat(guest.root + "/etc/machine-id", &information) == 0)
    #expect(information.st_mode & 0o777 == 0o444)
    let first = guest.text("/etc/machine-id")
    #expect(try reset(guest) { $0.resetsMachineID = true }.steps.count == 2)
    #expect(guest.text("/etc/machine-id") != first)
  }

  @Test("leaves links as they are")
  func links() throws {
    let guest = try FakeGuest()
    try guest.write("/etc/machine-id", "x\n")
    guest.folder("/var/lib/dbus")
    symlink("/etc/machine-id", guest.root + "/var/lib/dbus/machine-id")
    symlink("/elsewhere", guest.root + "/etc/hostname")
    try guest.write("/elsewhere", "origin")
    let reply = try reset(guest) {
      $0.resetsMachineID = true
      $0.hostname = "copy"
    }
    #expect(guest.system.link("/var/lib/dbus/machine-id") == "/etc/machine-id")
    #expect(guest.system.link("/etc/hostname") == "/elsewhere" || reply.problems.isEmpty)
  }

  @Test("has random numbers of its own")
  func seed() throws {
    let guest = try FakeGuest()
    try guest.write("/var/lib/systemd/random-seed", "old")
    #expect(try reset(guest) { $0.seed = [1, 2, 3] }.problems == [])
    #expect(guest.kernel.calls == ["reseed [1, 2, 3]"])
    #expect(guest.system.read("/var/lib/systemd/random-seed")?.count == 512)
    #expect { try reset(guest) { $0.seed = [UInt8](repeating: 1, count: 513) } } throws: {
      ($0 as? OperationFailure)?.error.code == .invalid
    }
  }

  @Test(
    "has SSH host keys of its own, and the server is told; those that take long come later", .timeLimit(.minutes(20)))
  func hostKeys() throws {
    let guest = try FakeGuest()
    for name in ["ssh_host_rsa_key", "ssh_host_rsa_key.pub", "ssh_host_ed25519_key", "sshd_config"] {
      try guest.write("/etc/ssh/\(name)", "old")
    }
    try guest.write("/run/sshd.pid", "4242\n")
    // The slow one waits for the test, so that nothing here depends on time.
    try guest.program(
      "/usr/bin/ssh-keygen",
      """
      if [ "$1" = -A ]; then
        until [ -e \(guest.root)/go ]; do sleep 0.05; done
        echo late >\(guest.root)/etc/ssh/ssh_host_rsa_key
      else
        [ "$1 $2 $3 $4$5 $6" = "-q -t ed25519 -N -f" ] && echo new >"$7"
      fi
      """)
    let reply = try reset(guest) { $0.resetsHostKeys = true }
    #expect(reply.problems == [])
    #expect(guest.text("/etc/ssh/ssh_host_ed25519_key") == "new\n")
    #expect(guest.system.names(in: "/etc/ssh") == ["ssh_host_ed25519_key", "sshd_config"])
    #expect(guest.kernel.calls == ["signal 4242 1"])
    try guest.write("/go", "")
    #expect(eventually { guest.kernel.calls.count >= 2 })
    #expect(guest.text("/etc/ssh/ssh_host_rsa_key") == "late\n")
    #expect(guest.kernel.calls == ["signal 4242 1", "signal 4242 1"])
  }

  @Test("keeps its old SSH host keys when there can be no new ones")
  func hostKeysFail() throws {
    let guest = try FakeGuest()
    try guest.write("/etc/ssh/ssh_host_rsa_key", "old")
    #expect(try reset(guest) { $0.resetsHostKeys = true }.problems.count == 1)
    try guest.program("/usr/bin/ssh-keygen", "echo no room >&2; exit 3")
    let reply = try reset(guest) { $0.resetsHostKeys = true }
    #expect(reply.problems.first?.contains("no room") == true)
    #expect(guest.system.names(in: "/etc/ssh") == ["ssh_host_rsa_key"])
    #expect(guest.text("/etc/ssh/ssh_host_rsa_key") == "old")
  }

  @Test("has its own network addresses: the card goes down, the DHCP client lets go, and asks anew")
  func udhcpc() throws {
    let guest = try FakeGuest()
    try card(guest, "eth0", "52:54:00:00:00:01")
    try card(guest, "eth1", "52:54:00:00:00:02")
    try guest.write("/proc/77/comm", "udhcpc\n")
    try guest.write("/proc/77/cmdline", "udhcpc\0-i\0eth0\0")
    try guest.write("/proc/78/comm", "udhcpc\n")
    try guest.write("/proc/78/cmdline", "udhcpc\0-i\0eth1\0")
    let reply = try reset(guest) {
      $0.renewsNetwork = true
      // The two are exchanged, which works only when both are found before one is changed.
      $0.interfaces = [
        change("52:54:00:00:00:01", "52:54:00:00:00:02"), change("52:54:00:00:00:02", "52:54:00:00:00:01"),
        change("52:54:00:00:00:09", "52:54:00:00:00:0a"),
      ]
    }
    #expect(reply.problems == ["no network card has the address 52:54:00:00:00:09"])
    #expect(
      guest.kernel.calls == [
        "link eth0 false", "signal 77 12", "mac eth0 [82, 84, 0, 0, 0, 2]", "link eth0 true",
        "link eth1 false", "signal 78 12", "mac eth1 [82, 84, 0, 0, 0, 1]", "link eth1 true",
        "signal 77 10", "signal 78 10",
      ])
  }

  @Test("keeps its routes where nobody would set them again")
  func noManager() throws {
    let guest = try FakeGuest()
    try card(guest, "eth0", "52:54:00:00:00:01")
    let reply = try reset(guest) { $0.interfaces = [change("52:54:00:00:00:01", "52:54:00:00:00:0f")] }
    #expect(reply.problems == [])
    #expect(guest.kernel.calls == ["mac eth0 [82, 84, 0, 0, 0, 15]"])
  }

  @Test("goes by way of systemd-networkd, which starts again when the machine ID is new")
  func networkd() throws {
    let guest = try FakeGuest()
    try card(guest, "eth0", "52:54:00:00:00:01")
    try guest.write("/proc/50/comm", "systemd-network\n")
    try guest.program("/usr/bin/networkctl", "echo \"networkctl $*\" >>\(guest.root)/log")
    try guest.program("/usr/bin/systemctl", "echo \"systemctl $*\" >>\(guest.root)/log")
    _ = try reset(guest) { $0.renewsNetwork = true }
    _ = try reset(guest) { $0.interfaces = [change("52:54:00:00:00:01", "52:54:00:00:00:0f")] }
    guest.folder("/etc")
    _ = try reset(guest) {
      $0.renewsNetwork = true
      $0.resetsMachineID = true
    }
    #expect(
      guest.text("/log")
        == "networkctl renew eth0\nnetworkctl reconfigure eth0\nsystemctl try-restart systemd-networkd.service\n")
  }

  @Test("is found by its new address in the files that name the old one, which stay whose and what they were")
  func networkFiles() throws {
    let guest = try FakeGuest()
    try card(guest, "eth0", "52:54:00:00:00:0a")
    try card(guest, "eth1", "52:54:00:00:00:0b")
    let file = "/etc/systemd/network/10-cloud-init-eth0.network"
    try guest.write(
      file, "[Match]\nMACAddress=52:54:00:00:00:0A 52:54:00:00:00:0b\n[Network]\nDHCP=yes\n52:54:00:00:00:0")
    try guest.write("/etc/netplan/50-cloud-init.yaml", "macaddress: '52:54:00:00:00:0c'\n")
    #expect(chmod(guest.root + file, 0o640) == 0 && chown(guest.root + file, 0, 42) == 0)
    symlink(guest.root + file, guest.root + "/etc/systemd/network/20-link.network")
    try guest.write("/proc/50/comm", "systemd-network\n")
    try guest.program("/usr/bin/systemctl", "echo \"systemctl $*\" >>\(guest.root)/log")
    let reply = try reset(guest) {
      // The two are exchanged, which works only in one pass.
      $0.interfaces = [
        change("52:54:00:00:00:0a", "52:54:00:00:00:0b"), change("52:54:00:00:00:0b", "52:54:00:00:00:0a"),
      ]
    }
    #expect(reply.problems == [])
    #expect(
      guest.text(file)
        == "[Match]\nMACAddress=52:54:00:00:00:0b 52:54:00:00:00:0a\n[Network]\nDHCP=yes\n52:54:00:00:00:0")
    var information = stat()
    #expect(stat(guest.root + file, &information) == 0)
    #expect(information.st_mode & 0o777 == 0o640 && information.st_gid == 42)
    #expect(guest.system.link("/etc/systemd/network/20-link.network") != nil)
    #expect(guest.text("/etc/netplan/50-cloud-init.yaml") == "macaddress: '52:54:00:00:00:0c'\n")
    #expect(guest.system.names(in: "/etc/systemd/network").count == 2)
    #expect(guest.text("/log") == "systemctl try-restart systemd-networkd.service\n")
  }

  @Test("starts ISC's DHCP client again instead of letting it give back what is not its own")
  func dhclient() throws {
    let guest = try FakeGuest()
    try card(guest, "eth0", "52:54:00:00:00:01")
    try guest.write("/proc/50/comm", "dhclient\n")
    try guest.write("/proc/50/cmdline", "/sbin/dhclient\0-4\0eth0\0")
    try guest.program("/sbin/dhclient", "echo \"dhclient $*\" >>\(guest.root)/log")
    try guest.program("/sbin/ip", "echo \"ip $*\" >>\(guest.root)/log")
    let reply = try reset(guest) { $0.interfaces = [change("52:54:00:00:00:01", "52:54:00:00:00:0f")] }
    #expect(reply.problems == [])
    #expect(guest.kernel.calls.first == "signal 50 9")
    #expect(guest.text("/log") == "ip -4 address flush dev eth0\ndhclient -nw -4 eth0\n")
  }

  @Test(
    "takes no address that no card can have",
    arguments: [
      "", "52:54:00:00:00", "53:54:00:00:00:01", "00:00:00:00:00:00", "+2:54:00:00:00:01", "52:54:00:00:00:01:02", "x",
    ])
  func badAddress(address: String) throws {
    let guest = try FakeGuest()
    #expect { try reset(guest) { $0.interfaces = [change("52:54:00:00:00:01", address)] } } throws: {
      ($0 as? OperationFailure)?.error.code == .invalid
    }
  }

  @Test("tells of each step that failed and takes the others")
  func problems() throws {
    let guest = try FakeGuest()
    guest.kernel.fail("hostname copy", EPERM)
    guest.folder("/etc")
    let reply = try reset(guest) {
      $0.hostname = "copy"
      $0.resetsMachineID = true
      $0.renewsNetwork = true
    }
    #expect(reply.problems.count == 2)
    #expect(reply.problems.first?.hasPrefix("the host name: cannot hostname copy: ") == true)
    #expect(reply.steps == ["/etc/machine-id is new"])
  }

  @Test("ends with a key of its own: the old one opens no new session, the new one lies in the guest for root alone")
  func key() throws {
    let guest = try FakeGuest()
    try guest.write("/etc/nestor/agent.key", "old\n")
    let pair = try AgentPair(keyFile: "/etc/nestor/agent.key", system: guest.system)
    let copy = try GuestKey.random(for: try #require(GuestUUID("0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d91")))
    var request = IdentityRequest()
    request.keyFile = copy.file
    let session = try pair.session()
    let reply = try session.resetIdentity(request)
    #expect(reply.tookKey && reply.problems == [] && reply.steps == ["the agent has a key of its own"])
    #expect(guest.text("/etc/nestor/agent.key") == String(decoding: copy.file, as: UTF8.self))
    var information = stat()
    #expect(stat(guest.root + "/etc/nestor/agent.key", &information) == 0 && information.st_mode & 0o777 == 0o600)
    // The session that brought it goes on.
    #expect(try session.resetIdentity(IdentityRequest()).tookKey == false)
    #expect(throws: (any Error).self) { try pair.session() }
    let other = try GuestSession(try pair.stream(), key: copy)
    #expect(try other.resetIdentity(IdentityRequest()).problems == [])
  }

  @Test("keeps its key where the new one is none, or cannot be written", arguments: [false, true])
  func badKey(isWhole: Bool) throws {
    let guest = try FakeGuest()
    let pair = try AgentPair(keyFile: "/nowhere/agent.key", system: guest.system)
    let copy = try GuestKey.random(for: try #require(GuestUUID("0b8e2c54-1f6e-4b8c-9d5e-3a1f2b7c6d91")))
    var request = IdentityRequest()
    request.keyFile = isWhole ? copy.file : Array(copy.file.dropLast(5))
    if isWhole {
      let reply = try pair.session().resetIdentity(request)
      #expect(!reply.tookKey && reply.problems.count == 1 && reply.problems[0].hasPrefix("the agent's key: "))
    } else {
      #expect {
        try pair.session().resetIdentity(request)
      } throws: {
        ($0 as? OperationFailure)?.error.code == .invalid
      }
    }
    #expect(try pair.session().resetIdentity(IdentityRequest()).problems == [])
  }
}
