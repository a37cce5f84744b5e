import Glibc
import GuestClient
import GuestProtocol
import Synchronization
import Testing

@testable import GuestAgent

@Suite("A guest's report") struct ReportTests {
  @Test("reads what there is to tell from the guest's files")
  func files() throws {
    let guest = try FakeGuest()
    try guest.write("/proc/sys/kernel/osrelease", "6.1.0-56-cloud-amd64\n")
    try guest.write(
      "/etc/os-release", "# a comment\nID=debian\nPRETTY_NAME=\"Debian \\\"GNU\\\"/Linux 12\"\nNAME='other'\n")
    try guest.write("/etc/machine-id", "b08dfa6083e7567a1921a715000001fb\n")
    try guest.write("/proc/uptime", "12345.67 99.1\n")
    try guest.write("/proc/loadavg", "0.05 1.10 2.00 1/300 4242\n")
    try guest.write("/proc/meminfo", "MemTotal:  190000 kB\nMemFree: 1 kB\nMemAvailable:   150000 kB\n")
    try guest.write("/sys/devices/system/cpu/online", "0-2,5\n")
    try guest.write("/sys/class/net/eth0/address", "52:54:00:12:34:56\n")
    try guest.write("/sys/class/net/eth0/flags", "0x1003\n")
    try guest.write("/sys/class/net/eth1/address", "52:54:00:12:34:57\n")
    try guest.write("/sys/class/net/eth1/flags", "0x1002\n")
    guest.kernel.state.withLock {
      $0.addresses = [("eth0", "10.0.2.15/24"), ("eth0", "fe80::1/64"), ("lo", "127.0.0.1/8")]
    }
    let report = try AgentPair(system: guest.system).session().report()
    #expect(report.hostname == "origin")
    #expect(report.kernel == "6.1.0-56-cloud-amd64")
    #expect(report.system == "Debian \"GNU\"/Linux 12")
    #expect(report.systemID == "debian")
    #expect(report.machineID == "b08dfa6083e7567a1921a715000001fb")
    #expect(report.uptime == 12_345_670)
    #expect(report.loads == ["0.05", "1.10", "2.00"])
    #expect(report.memoryTotal == 190_000 * 1024)
    #expect(report.memoryAvailable == 150_000 * 1024)
    #expect(report.processors == 4)
    #expect(report.interfaces.map(\.name) == ["eth0", "eth1"])
    #expect(report.interfaces[0].addresses == ["10.0.2.15/24", "fe80::1/64"])
    #expect(report.interfaces.map(\.isUp) == [true, false])
    #expect(report.interfaces[1].mac == "52:54:00:12:34:57")
    #expect(report.time == 1_700_000_000_000_000_000)
    #expect(report.agent == agentProgram)
  }

  @Test("comes from a guest of which nothing can be read")
  func empty() throws {
    let guest = try FakeGuest()
    let report = try AgentPair(system: guest.system).session().report()
    #expect(report.memoryTotal == 0)
    #expect(report.interfaces.isEmpty)
    #expect(report.agent == agentProgram)
  }

  @Test("keeps files that make no sense from doing harm")
  func nonsense() throws {
    let guest = try FakeGuest()
    try guest.write("/proc/uptime", "99999999999999999999999.1\n")
    try guest.write("/proc/meminfo", "MemTotal: 99999999999999999999 kB\nMemAvailable: 18446744073709551615 kB\nX\n:\n")
    try guest.write("/sys/devices/system/cpu/online", "5-2,-,,99999999,0-65535\n")
    try guest.write("/etc/os-release", "ID=\"\\\nPRETTY_NAME=\(String(repeating: "é", count: 3_000))\n=\n")
    for number in 0..<300 { try guest.write("/sys/class/net/e\(number)/flags", "junk") }
    let report = try AgentPair(system: guest.system).session().report()
    #expect(report.uptime == 0)
    #expect(report.memoryTotal == 0)
    #expect(report.memoryAvailable == 0)
    #expect(report.processors == 65_536)
    #expect(report.system.unicodeScalars.count == 256)
    #expect(report.interfaces.count == SystemReport.limit)
  }

  @Test("of this machine names its kernel and its loopback address")
  func real() throws {
    let report = try AgentPair().session().report()
    var name = utsname()
    uname(&name)
    let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    #expect(report.kernel == release)
    #expect(report.uptime > 0)
    #expect(report.memoryTotal > report.memoryAvailable)
    #expect(report.processors > 0)
    #expect(report.interfaces.first { $0.name == "lo" }?.addresses.contains("127.0.0.1/8") == true)
  }
}
