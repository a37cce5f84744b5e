import Glibc
import NestorSupport
import Testing

@testable import Probes

@Suite("Processor, modules and KVM's absence")
struct MachineProbesTests {
  private let tree = TemporaryTree()
  private var root: SystemRoot { SystemRoot(tree.root) }

  private func writeProcessor(_ vendor: String, _ flags: String) throws {
    let entry = "processor\t: 0\nvendor_id\t: \(vendor)\nmodel name\t: Some CPU : with a colon\nflags\t\t: \(flags)\n\n"
    try tree.write("proc/cpuinfo", entry + entry)
  }

  @Test(
    "vendor, extension and module follow from /proc/cpuinfo",
    arguments: [
      ("AuthenticAMD", "fpu svm lm", "svm", "kvm_amd", false),
      ("GenuineIntel", "fpu vmx lm hypervisor", "vmx", "kvm_intel", true),
      ("AuthenticAMD", "fpu hypervisor svm_lock", nil, "kvm_amd", true),
      ("HygonGenuine", "fpu", nil, "kvm_amd", false),
      ("Unheard", "fpu", nil, nil, false),
    ] as [(String, String, String?, String?, Bool)])
  func processor(vendor: String, flags: String, virtualization: String?, module: String?, virtual: Bool) throws {
    try writeProcessor(vendor, flags)
    let result = CPUVirtualizationProbe(root: root).run()
    #expect(result.vendor == vendor)
    #expect(result.virtualization?.rawValue == virtualization)
    #expect(result.fittingModule == module)
    #expect(result.isVirtualMachine == virtual)
    #expect(!result.supportsSecureGuests)
  }

  @Test("secure guests take the flag and KVM's parameter")
  func secureGuests() throws {
    try writeProcessor("AuthenticAMD", "svm sev")
    #expect(!CPUVirtualizationProbe(root: root).run().supportsSecureGuests)
    try tree.write("sys/module/kvm_amd/parameters/sev", "N\n")
    #expect(!CPUVirtualizationProbe(root: root).run().supportsSecureGuests)
    try tree.write("sys/module/kvm_amd/parameters/sev", "Y\n")
    #expect(CPUVirtualizationProbe(root: root).run().supportsSecureGuests)
    try writeProcessor("AuthenticAMD", "svm")
    #expect(!CPUVirtualizationProbe(root: root).run().supportsSecureGuests)
    try tree.write("sys/module/kvm_intel/parameters/tdx", "1\n")
    #expect(CPUVirtualizationProbe(root: root).run().supportsSecureGuests)
  }

  @Test("the machine's own answers agree with its /proc/cpuinfo")
  func ownProcessor() throws {
    let text = try FileTree.readText("/proc/cpuinfo")
    let words = Set(text.split(whereSeparator: \.isWhitespace))
    let result = CPUVirtualizationProbe().run()
    #expect((result.virtualization != nil) == (words.contains("svm") || words.contains("vmx")))
    #expect(result.isVirtualMachine == words.contains("hypervisor"))
  }

  @Test("a module is loaded, built in, loadable or absent")
  func modules() throws {
    let probe = KernelModuleProbe(root: root)
    #expect(probe.presence(of: "kvm") == .absent)
    #expect(!probe.canLoad)
    try tree.write("proc/sys/kernel/osrelease", "6.1.0-test\n")
    try tree.write("proc/modules", "kvm_amd 167936 0 - Live 0x0\nkvm 1146880 1 kvm_amd, Live 0x0\n")
    try tree.write("proc/misc", "200 tun\n 58 vhost-nets\n")
    try tree.write("sys/module/bridge/version", "2.3\n")
    try tree.write("lib/modules/6.1.0-test/modules.builtin", "kernel/fs/fuse/fuse.ko\nkernel/net/8021q/8021q.ko\n")
    try tree.write(
      "lib/modules/6.1.0-test/modules.dep",
      "kernel/drivers/vhost/vhost_net.ko.xz: kernel/drivers/vhost/vhost.ko.xz\nkernel/drivers/vfio/pci/vfio-pci.ko:\n")
    #expect(probe.presence(of: "kvm-amd") == .loaded)
    #expect(probe.presence(of: "kvm") == .loaded)
    #expect(probe.presence(of: "tun") == .builtIn)
    #expect(probe.presence(of: "bridge") == .builtIn)
    #expect(probe.presence(of: "fuse") == .builtIn)
    #expect(probe.presence(of: "vhost_net") == .loadable)
    #expect(probe.presence(of: "vfio_pci") == .loadable)
    #expect(probe.presence(of: "vhost") == .absent)
    #expect(probe.presence(of: "vhost_vsock") == .absent)
    #expect(probe.presence(of: "kvm_amd").isPresent)
    #expect(!probe.presence(of: "vhost_net").isPresent)
    #expect(!probe.canLoad)
    try tree.write("usr/sbin/modprobe", "")
    #expect(probe.canLoad)
    try tree.write("sys/module/kvm_amd/parameters/nested", "1\n")
    #expect(probe.parameter("nested", of: "kvm-amd") == "1")
    #expect(probe.parameter("nested", of: "kvm-intel") == nil)
  }

  @Test("this kernel's own module list is found", .enabled(if: FileTree.exists("/proc/misc"), "needs /proc/misc"))
  func ownModules() throws {
    let hasTun = try FileTree.readText("/proc/misc").contains(" tun\n")
    #expect(KernelModuleProbe().presence(of: "tun").isPresent == hasTun || !hasTun)
    #expect(KernelModuleProbe().presence(of: "no_such_module_at_all") == .absent)
  }

  @Test("the absence of /dev/kvm is explained by the first reason that fits")
  func absence() throws {
    #expect(KVMAbsence(root: root) == .noHardware)
    try writeProcessor("GenuineIntel", "hypervisor")
    #expect(KVMAbsence(root: root) == .noNestedVirtualization)
    try writeProcessor("GenuineIntel", "vmx")
    #expect(KVMAbsence(root: root) == .kernelWithoutKVM)
    try tree.write("proc/sys/kernel/osrelease", "6.1.0-test\n")
    try tree.write("lib/modules/6.1.0-test/modules.dep", "kernel/arch/x86/kvm/kvm-intel.ko: x.ko\n")
    #expect(KVMAbsence(root: root) == .moduleNotLoaded("kvm_intel"))
    try tree.write("proc/misc", "232 kvm\n")
    #expect(KVMAbsence(root: root) == .noDeviceFile)
    try tree.write("run/systemd/container", "lxc\n")
    #expect(KVMAbsence(root: root) == .notPassedThrough)
  }

  @Test("the IOMMU's table and groups are found")
  func iommu() throws {
    #expect(IOMMUProbe(root: root).run() == IOMMUProbe.Result(firmwareTable: nil, groups: 0))
    try tree.write("sys/firmware/acpi/tables/IVRS", "x")
    for group in 0..<3 { try tree.write("sys/kernel/iommu_groups/\(group)/type", "DMA\n") }
    #expect(IOMMUProbe(root: root).run() == IOMMUProbe.Result(firmwareTable: "IVRS", groups: 3))
  }

  @Test("huge pages come with their sizes, mode and mounts")
  func hugePages() throws {
    let none = HugePagesProbe(root: root).run()
    #expect(none == HugePagesProbe.Result(pools: [], transparent: nil, mounts: []))
    try tree.write("sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages", "0\n")
    try tree.write("sys/kernel/mm/hugepages/hugepages-1048576kB/free_hugepages", "0\n")
    try tree.write("sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "64\n")
    try tree.write("sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages", "60\n")
    try tree.write("sys/kernel/mm/hugepages/hugepages-64kB/nr_hugepages", "many\n")
    try tree.write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n")
    try tree.write(
      "proc/self/mountinfo", "30 20 0:27 / /dev/hugepages rw,relatime shared:15 - hugetlbfs hugetlbfs rw,pagesize=2M\n")
    let result = HugePagesProbe(root: root).run()
    #expect(
      result.pools == [
        HugePagesProbe.Pool(pageKiB: 2048, total: 64, free: 60),
        HugePagesProbe.Pool(pageKiB: 1_048_576, total: 0, free: 0),
      ])
    #expect(result.transparent == "madvise")
    #expect(result.mounts == ["/dev/hugepages"])
  }

  @Test("lockable memory is what /proc says")
  func memoryLock() throws {
    let line = try #require(
      try FileTree.readText("/proc/self/limits").split(separator: "\n").first { $0.hasPrefix("Max locked memory") })
    let words = line.split(separator: " ").dropFirst(3).prefix(2)
    let result = try MemoryLockProbe().run()
    #expect(Array(words) == [result.soft, result.hard].map { $0.map { "\($0)" } ?? "unlimited" }.map { $0[...] })
  }

  @Test("free space is that of the nearest folder that is there")
  func diskSpace() throws {
    let here = try DiskSpaceProbe(path: tree.root).run()
    #expect(here.totalBytes > 0)
    #expect(here.availableBytes <= here.totalBytes)
    #expect(!here.isReadOnly)
    #expect(try DiskSpaceProbe(path: tree.path("not/yet/there")).run().totalBytes == here.totalBytes)
    let file = try tree.write("file", "")
    #expect(throws: SystemError("statvfs \(file)/below", number: ENOTDIR)) {
      try DiskSpaceProbe(path: "\(file)/below").run()
    }
    #expect(throws: SystemError.self) { try DiskSpaceProbe(path: "").run() }
  }

  @Test("a device file is told from a plain one, with its numbers")
  func device() throws {
    let null = try DeviceProbe(path: "/dev/null").run()
    #expect(null.isCharacterDevice)
    #expect(null.major == 1)
    #expect(null.minor == 3)
    #expect(null.opens)
    let path = try tree.write("plain", "")
    try #require(chmod(path, 0o640) == 0)
    let plain = try DeviceProbe(path: path).run()
    #expect(!plain.isCharacterDevice)
    #expect(plain.mode == 0o640)
    #expect(plain.user == getuid())
    #expect(throws: SystemError("stat /dev/none-such", number: ENOENT)) {
      try DeviceProbe(path: "/dev/none-such").run()
    }
  }
}
