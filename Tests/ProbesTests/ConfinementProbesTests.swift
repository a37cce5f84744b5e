import NestorSupport
import Testing

@testable import Probes

@Suite("Cgroups, AppArmor and containers")
struct ConfinementProbesTests {
  private let tree = TemporaryTree()
  private var root: SystemRoot { SystemRoot(tree.root) }

  @Test("version 2 has libvirt's controllers of the own cgroup, cpuacct always among them")
  func unifiedCgroup() throws {
    try tree.write("proc/self/cgroup", "0::/user.slice/a:b\n")
    try tree.write(
      "proc/self/mountinfo", "35 25 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n")
    try tree.write("sys/fs/cgroup/user.slice/a:b/cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma\n")
    let result = CgroupProbe(root: root).run()
    #expect(result.version == .v2)
    #expect(result.folder == "/sys/fs/cgroup/user.slice/a:b")
    #expect(result.controllers == [.cpuset, .cpu, .cpuacct, .blkio, .memory, .hugetlb, .pids])
    // A plain folder is no cgroup: the kernel refuses the query whoever asks.
    #expect(throws: SystemError.self) { try result.devicePrograms?.get() }
  }

  @Test(
    "the own cgroup's folder is found through namespaces and bind mounts",
    arguments: [
      ("/", "/", "/sys/fs/cgroup"),
      ("/lxc/c1", "/lxc/c1/init.scope", "/sys/fs/cgroup/init.scope"),
      ("/lxc/c1", "/lxc/c1", "/sys/fs/cgroup"),
      ("/lxc/c1", "/lxc/c11", "/sys/fs/cgroup/lxc/c11"),
      ("/", "/../elsewhere", "/sys/fs/cgroup"),
    ])
  func cgroupFolder(source: String, membership: String, folder: String) throws {
    try tree.write("proc/self/cgroup", "0::\(membership)\n")
    try tree.write("proc/self/mountinfo", "35 25 0:30 \(source) /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")
    #expect(CgroupProbe(root: root).run().folder == folder)
  }

  @Test("version 1 has the controllers that are both joined and mounted")
  func legacyCgroup() throws {
    try tree.write(
      "proc/self/cgroup", "5:devices:/x\n4:cpu,cpuacct:/x\n3:memory:/x\n2:name=systemd:/x\nbroken\n0::/x\n")
    try tree.write(
      "proc/self/mountinfo",
      """
      36 35 0:31 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
      37 35 0:32 / /sys/fs/cgroup/devices rw shared:1 master:2 - cgroup cgroup rw,devices
      38 35 0:33 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
      too short - line
      """)
    let result = CgroupProbe(root: root).run()
    #expect(result.version == .v1)
    #expect(result.controllers == [.cpu, .cpuacct, .devices])
    #expect(result.folder == nil)
    #expect(result.devicePrograms == nil)
  }

  @Test("no cgroups at all are no error")
  func noCgroups() {
    let result = CgroupProbe(root: root).run()
    #expect(result.version == .none)
    #expect(result.controllers.isEmpty)
  }

  @Test("this process's version 2 cgroup is the one that lists it")
  func ownCgroup() throws {
    guard let folder = CgroupProbe().run().folder else {
      #expect(!(try FileTree.readText("/proc/self/mountinfo").contains(" - cgroup2 ")))
      return
    }
    let processes = try FileTree.readText("\(folder)/cgroup.procs").split(separator: "\n")
    let own = try FileTree.readText("/proc/self/stat").prefix { $0 != " " }
    #expect(processes.contains(own))
  }

  @Test("AppArmor is off without its parameter, whatever another module's label says")
  func appArmorOff() throws {
    try tree.write("proc/self/attr/current", "system_u:system_r:unconfined_t\n")
    #expect(AppArmorProbe(root: root).run() == AppArmorProbe.Result(isEnabled: false, label: nil))
    try tree.write("sys/module/apparmor/parameters/enabled", "N\n")
    #expect(!AppArmorProbe(root: root).run().isEnabled)
  }

  @Test("a label tells whether a profile is enforced")
  func appArmorLabel() throws {
    try tree.write("sys/module/apparmor/parameters/enabled", "Y\n")
    try tree.write("proc/self/attr/current", "unconfined\n")
    #expect(AppArmorProbe(root: root).run().label == "unconfined")
    #expect(!AppArmorProbe(root: root).run().isConfined)
    try tree.write("proc/self/attr/apparmor/current", "lxd-c1_</var/lib/lxd>//&:lxd-c1_<var>:unconfined (enforce)\n")
    #expect(AppArmorProbe(root: root).run().isConfined)
    try tree.write("proc/self/attr/apparmor/current", "some (complain)\n")
    #expect(!AppArmorProbe(root: root).run().isConfined)
  }

  @Test(
    "only a rule that lets guests read and write the device counts",
    arguments: [
      ("/dev/vhost-vsock rw,", true),
      ("  audit /dev/vhost-vsock rwk,  # for restore", true),
      ("rw /dev/vhost-vsock,", true),
      ("\"/dev/vhost-vsock\" rw,", true),
      ("file /dev/vhost-* rw,", true),
      ("/dev/** rw,", true),
      ("/** rw,\ndeny /dev/vhost-vsock w,", false),
      ("# /dev/vhost-vsock rw,", false),
      ("/dev/vhost-vsock r,", false),
      ("/dev/vhost-vsock rw", false),
      ("/dev/vhost-vsock-not rw,", false),
      ("/* rw,", false),
      ("owner /dev/vhost-vsock rw,", false),
      ("deny /dev/vhost-vsock rw,", false),
      ("", false),
    ])
  func appArmorRules(rules: String, allowed: Bool) throws {
    #expect(!AppArmorProbe(root: root).allowsGuests("/dev/vhost-vsock"))
    try tree.write("etc/apparmor.d/abstractions/libvirt-qemu", "  /dev/net/tun rw,\n")
    try tree.write("etc/apparmor.d/local/abstractions/libvirt-qemu", rules + "\n")
    #expect(AppArmorProbe(root: root).allowsGuests("/dev/vhost-vsock") == allowed)
    #expect(AppArmorProbe(root: root).allowsGuests("/dev/net/tun"))
  }

  @Test("a container is known by what systemd or the first process was told")
  func container() throws {
    #expect(!ContainerProbe(root: root).run().isContainer)
    try tree.write("proc/1/environ", "TERM=linux\0container=lxc\0mycontainer=no\0")
    #expect(ContainerProbe(root: root).run().manager == "lxc")
    try tree.write("run/systemd/container", "podman\n")
    #expect(ContainerProbe(root: root).run().manager == "podman")
    try tree.write("dev/incus/sock", "")
    #expect(ContainerProbe(root: root).run().guestInterface == "incus")
  }

  @Test("a user map tells who is who outside")
  func userMap() throws {
    try tree.write("proc/self/uid_map", "         0          0 4294967295\n")
    #expect(!ContainerProbe(root: root).run().isUnprivileged)
    #expect(ContainerProbe(root: root).run().outside(of: 107) == 107)
    try tree.write("proc/self/uid_map", "0 1000000 1000\n1000 1000 1\n1001 1001001 64535\nbad line\n7 99999999999 1\n")
    let shifted = ContainerProbe(root: root).run()
    #expect(shifted.isUnprivileged)
    #expect(shifted.userRanges.count == 3)
    #expect(shifted.outside(of: 0) == 1_000_000)
    #expect(shifted.outside(of: 1000) == 1000)
    #expect(shifted.outside(of: 1001) == 1_001_001)
    #expect(shifted.outside(of: 70_000) == nil)
    try tree.write("proc/self/uid_map", "0 4294967290 100\n")
    #expect(ContainerProbe(root: root).run().outside(of: 50) == nil)
  }
}
