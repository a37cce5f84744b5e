import DomainXML
import Glibc
import NestorSupport
import NestorTestSupport
import Probes
import Testing

@testable import NestorCore

@Suite("What few guests need")
struct HostDeviceRequirementsTests {
  private let scratch: ScratchState
  private let devices: HostDeviceRequirements

  init() throws {
    scratch = try ScratchState()
    devices = HostDeviceRequirements(root: SystemRoot("\(scratch.folder)/root"))
    _ = try scratch.write("root/proc/meminfo", "MemTotal: 1 kB\nHugepagesize:       2048 kB\n")
    for (file, text) in [("nr_hugepages", "8\n"), ("free_hugepages", "5\n")] {
      _ = try scratch.write("root/sys/kernel/mm/hugepages/hugepages-2048kB/\(file)", text)
    }
  }

  private func obstacle(_ text: String) throws -> HostDeviceRequirements.Obstacle? {
    devices.obstacle(to: try DomainDefinition(xml: PlannedGuest(text).plan.xml))
  }

  /// A PCI device in the made tree.
  private func addDevice(group: String?, driver: String?) throws {
    let device = "\(scratch.folder)/root/sys/bus/pci/devices/0000:01:00.0"
    try FileTree.makeDirectory(device)
    for (link, target) in [("iommu_group", group.map { "groups/\($0)" }), ("driver", driver.map { "drivers/\($0)" })] {
      guard let target else { continue }
      try FileTree.makeDirectory("\(scratch.folder)/root/sys/\(target)")
      try FileTree.remove("\(device)/\(link)")
      try #require(symlink("\(scratch.folder)/root/sys/\(target)", "\(device)/\(link)") == 0)
    }
  }

  @Test("An ordinary guest has no obstacle, whatever is missing")
  func ordinary() throws {
    #expect(try obstacle("networks: [{network: default}]\ndisks: [{size: 1GiB}]") == nil)
  }

  @Test("Huge pages are counted, of the size that is asked for or the machine's")
  func hugePages() throws {
    let backing = "memoryBacking: {source: memfd, hugePages: "
    #expect(try obstacle("\(backing)true}\nmemory: 10MiB") == nil)
    let few = try #require(try obstacle("\(backing)true}\nmemory: 11MiB"))
    #expect(few.cause == "it needs 6 huge pages of 2 MiB, and 5 of 8 are free")
    #expect(few.hint.contains("echo 9 > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages"))
    #expect(try obstacle("\(backing)2MiB}\nmemory: 11MiB") == few)
    #expect(
      try obstacle("\(backing)1GiB}\nmemory: 1GiB")?.cause == "this kernel has no huge pages of 1 GiB")
  }

  @Test("A switch has to listen: a path without a socket is an obstacle")
  func vhostUser() throws {
    let path = "/run/switch"
    let text = "memoryBacking: {source: memfd, shared: true}\nnetworks: [{vhostUser: \(path)}]"
    #expect(try obstacle(text)?.cause == "its card's switch does not listen at \(path)")
    _ = try scratch.write("root\(path)", "no socket")
    #expect(try obstacle(text) != nil)
    try FileTree.remove("\(scratch.folder)/root\(path)")
    try #require(mknod("\(scratch.folder)/root\(path)", S_IFSOCK | 0o600, 0) == 0)
    #expect(try obstacle(text) == nil)
  }

  @Test("A PCI device is there, in a group, bound to vfio-pci, and its group handed in; what is missing is named")
  func passthrough() throws {
    let text = "hostDevices: [{pci: \"0000:01:00.0\"}]"
    #expect(try obstacle(text)?.cause == "there is no PCI device 0000:01:00.0")
    try addDevice(group: nil, driver: nil)
    #expect(try obstacle(text)?.cause == "the PCI device 0000:01:00.0 is in no IOMMU group")
    try addDevice(group: "17", driver: nil)
    #expect(
      try obstacle(text)?.cause == "the PCI device 0000:01:00.0 is bound to no driver, not to vfio-pci")
    try addDevice(group: "17", driver: "nvme")
    #expect(try obstacle(text)?.cause == "the PCI device 0000:01:00.0 is bound to nvme, not to vfio-pci")
    try addDevice(group: "17", driver: "vfio-pci")
    let group = try #require(try obstacle(text))
    #expect(group.cause.hasPrefix("/dev/vfio/17, ") && group.hint.contains("--with vfio-17"))
    _ = try scratch.write("root/dev/vfio/17", "")
    #expect(try obstacle(text) == nil)
  }

  @Test("A vhost-scsi disk needs the kernel's device")
  func vhostSCSI() throws {
    let text = "hostDevices: [{vhostScsi: naa.5001405c0ffee000}]"
    #expect(try obstacle(text)?.cause == "/dev/vhost-scsi is not here")
    _ = try scratch.write("root/dev/vhost-scsi", "")
    #expect(try obstacle(text) == nil)
  }
}
