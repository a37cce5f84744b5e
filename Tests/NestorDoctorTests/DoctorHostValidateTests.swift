import Glibc
import NestorSupport
import Processes
import Testing

@testable import NestorDoctor

@Suite("virt-host-validate and the doctor")
struct DoctorHostValidateTests {
  @Test(
    "agree on this machine, or differ for a known reason",
    .enabled(if: access("/usr/bin/virt-host-validate", X_OK) == 0, "virt-host-validate is not installed"))
  func agreement() async throws {
    // It exits with 1 where a check fails, which is no failure of the program.
    let output = try await Program("sh", package: "dash").run(["-c", "virt-host-validate qemu; true"])
    let lines = HostValidateTable.lines(of: output)
    #expect(lines.count >= 9, "\(output)")
    let fake = FakeLibvirt()
    let scratch = try DoctorFixture()
    let doctor = Doctor(
      DoctorContext(
        state: StateDirectory(root: scratch.root, runtime: scratch.root), libvirt: LibvirtAccess { fake },
        uri: "qemu:///system"))
    let needed = Set(lines.compactMap { HostValidateTable.entry(for: $0)?.id })
    var findings: [String: Finding] = [:]
    for requirement in doctor.requirements where needed.contains(requirement.id) {
      findings[requirement.id] = await requirement.check()
    }
    for line in lines {
      guard let entry = HostValidateTable.entry(for: line) else {
        Issue.record("no check of the doctor answers: \(line.text)")
        continue
      }
      guard let finding = findings[entry.id] else {
        Issue.record("the doctor has no check \(entry.id)")
        continue
      }
      if finding.verdict == line.verdict { continue }
      let known = entry.differences.first { $0.theirs == line.verdict && $0.ours == finding.verdict }
      print(
        "virt-host-validate \(line.verdict), doctor \(finding.verdict) on \(entry.id): \(known?.reason ?? "unexplained")"
      )
      #expect(known != nil, "\(line.text): \(line.verdict) there, \(finding.verdict) here (\(finding.detail))")
    }
  }

  @Test("have names for all checks of libvirt 9 and 11, and the table names checks that the doctor has")
  func table() throws {
    let output = """
        QEMU: Checking for hardware virtualization                                 : \u{1b}[32mPASS\u{1b}[0m
        QEMU: Checking if device '/dev/kvm' exists                                 : PASS
        QEMU: Checking if device /dev/kvm exists                                   : FAIL (Check that: the modules are loaded)
        QEMU: Checking if device /dev/kvm is accessible                            : PASS
        QEMU: Checking if device /dev/vhost-net exists                             : WARN (Load the 'vhost_net' module)
        QEMU: Checking if device /dev/net/tun exists                               : PASS
        QEMU: Checking for cgroup 'cpu' controller support                         : PASS
        QEMU: Checking for device assignment IOMMU support                         : PASS
        QEMU: Checking if IOMMU is enabled by kernel                               : WARN (append intel_iommu=on)
        QEMU: Checking for secure guest support                                    : NOTE (Unknown)
      """
    let lines = HostValidateTable.lines(of: output)
    #expect(lines.count == 10)
    #expect(lines.first == HostValidateTable.Line(text: "Checking for hardware virtualization", verdict: .pass))
    #expect(lines[2] == HostValidateTable.Line(text: "Checking if device /dev/kvm exists", verdict: .fail))
    // The quotes of the second line are no wording of either version: what is not known has to show.
    #expect(lines.indices.filter { HostValidateTable.entry(for: lines[$0]) == nil } == [1])
    let ids = Set(Doctor(try DoctorFixture().context()).requirements.map(\.id))
    #expect(HostValidateTable.entries.allSatisfy { ids.contains($0.id) })
    #expect(HostValidateTable.entries.flatMap(\.differences).allSatisfy { $0.theirs != $0.ours && !$0.reason.isEmpty })
  }
}
