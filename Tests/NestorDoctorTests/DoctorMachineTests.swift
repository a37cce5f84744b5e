import FoundationEssentials
import Glibc
import NestorSupport
import NestorTestSupport
import Processes
import Testing

@testable import NestorDoctor

@Suite("nestor doctor on this machine")
struct DoctorMachineTests {
  private struct Check: Decodable {
    let name: String
    let verdict: String
    let detail: String
    let remedy: String?
  }

  /// Runs the program on libvirt's test driver, which is always there, and answers with its output and exit status.
  private func run(_ arguments: String) async throws -> (output: String, status: Int32) {
    try await NestorProgram.run("doctor -c test:///default \(arguments) 2>/dev/null")
  }

  @Test("ends with 69 when and only when a check fails, and --require-kvm makes missing KVM a failure")
  func status() async throws {
    let (output, status) = try await run("--format json")
    let checks = try JSONDecoder().decode([Check].self, from: Data(output.utf8))
    #expect(checks.count > 20)
    #expect(status == (checks.contains { $0.verdict == "fail" } ? 69 : 0))
    #expect(checks.allSatisfy { !$0.detail.isEmpty && (($0.remedy != nil) == ["warn", "fail"].contains($0.verdict)) })
    let kvm = try #require(checks.first { $0.name == "kvm" })
    let (strict, strictStatus) = try await run("--format json --require-kvm")
    let strictKVM = try JSONDecoder().decode([Check].self, from: Data(strict.utf8)).first { $0.name == "kvm" }
    #expect(strictKVM?.verdict == (kvm.verdict == "warn" ? "fail" : kvm.verdict))
    if strictKVM?.verdict == "fail" { #expect(strictStatus == 69) }
  }

  @Test("agrees with what the machine says elsewhere")
  func evidence() async throws {
    let (output, _) = try await run("--format json")
    let checks = try JSONDecoder().decode([Check].self, from: Data(output.utf8))
    let verdicts = Dictionary(uniqueKeysWithValues: checks.map { ($0.name, $0.verdict) })
    let cannotOpen = { (path: String) in access(path, R_OK | W_OK) != 0 }
    if cannotOpen("/dev/kvm") { #expect(verdicts["kvm"] != "pass") }
    if cannotOpen("/dev/vhost-net") { #expect(verdicts["vhost-net"] != "pass") }
    if cannotOpen("/dev/vhost-vsock") { #expect(verdicts["vhost-vsock"] != "pass") }
    let makesTaps = try await Program("sh", package: "dash").run([
      "-c", "ip tuntap add nestorcheck0 mode tap >/dev/null 2>&1 && ip tuntap del nestorcheck0 mode tap; echo $?",
    ])
    if geteuid() == 0, FileTree.exists("/usr/sbin/ip") || FileTree.exists("/sbin/ip") {
      #expect((verdicts["tun"] == "pass") == (makesTaps.first == "0"))
    }
    // The test driver is no QEMU, so nothing about QEMU may be claimed.
    #expect(verdicts["libvirt"] == "warn")
    for id in ["qemu", "uefi", "tpm", "network", "dhcp"] { #expect(verdicts[id] == "skip", "\(id)") }
  }

  @Test("prints a line for each check in a fixed order, and with -q only the names of those at fault")
  func table() async throws {
    let (output, _) = try await run("")
    let words = ["PASS", "WARN", "FAIL", "SKIP"]
    let heads = output.split(separator: "\n").filter { line in words.contains { line.hasPrefix("\($0)  ") } }
    let names = heads.compactMap { $0.split(separator: " ", omittingEmptySubsequences: true).dropFirst().first }
    #expect(names.map(String.init) == Doctor(try DoctorFixture().context()).requirements.map(\.id))
    #expect(!output.contains("\u{1b}"))
    let faults = zip(heads, names).filter { $0.0.hasPrefix("WARN") || $0.0.hasPrefix("FAIL") }.map { String($0.1) }
    let (quiet, _) = try await run("-q")
    #expect(quiet.split(separator: "\n").map(String.init) == faults)
  }
}
