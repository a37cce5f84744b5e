import CLinux
import NestorSupport

/// Finds which controllers the cgroup of this process has, as libvirt looks for them.
///
/// See cgroups(7) and <https://docs.kernel.org/admin-guide/cgroup-v2.html>.
package struct CgroupProbe: Sendable {
  /// Where /proc and /sys lie.
  package var root: SystemRoot

  package init(root: SystemRoot = .machine) {
    self.root = root
  }

  /// A controller, by libvirt's name, which is version 1's.
  package enum Controller: String, Sendable, CaseIterable {
    case cpu, cpuacct, cpuset, memory, devices, blkio, pids, hugetlb
  }

  /// Which hierarchies are mounted.
  package enum Version: String, Sendable {
    case none
    /// One for each controller.
    case v1
    /// A single one.
    case v2
    /// Version 1's beside an unified one.
    case hybrid
  }

  /// What was found.
  package struct Result: Sendable, Equatable {
    /// Which hierarchies are mounted.
    package let version: Version
    /// The controllers that this process's cgroup has, libvirt's view: `cpuacct` is always there in version 2, and
    /// `devices` where the kernel answers for device programs.
    package let controllers: Set<Controller>
    /// The folder of this process's version 2 cgroup, below the probe's root; nil without one.
    package let folder: String?
    /// How many device programs the version 2 cgroup has, or why that cannot be known: EPERM in an unprivileged
    /// container. Nil without version 2.
    package let devicePrograms: Swift.Result<Int, SystemError>?
  }

  /// Reads /proc/self/cgroup and /proc/self/mountinfo and looks into the mounted hierarchies.
  package func run() -> Result {
    let mounts = root.lines("/proc/self/mountinfo").compactMap { MountEntry($0) }
    let memberships = root.lines("/proc/self/cgroup").compactMap { Membership($0) }
    let legacy = mounts.filter { $0.type == "cgroup" }
    let unified = mounts.first { $0.type == "cgroup2" }
    var controllers = Set<Controller>()
    for membership in memberships where membership.hierarchy != 0 {
      for name in membership.controllers where legacy.contains(where: { $0.options.contains(name) }) {
        if let controller = Controller(rawValue: String(name)) { controllers.insert(controller) }
      }
    }
    let folder = unified.flatMap { mount in
      memberships.first { $0.hierarchy == 0 }.map { mount.folder(of: $0.path) }
    }
    var programs: Swift.Result<Int, SystemError>?
    if let folder {
      controllers.formUnion(unifiedControllers(in: folder))
      let count = countDevicePrograms(in: folder)
      if case .success = count { controllers.insert(.devices) }
      programs = count
    }
    let version: Version =
      switch (legacy.contains { !$0.options.contains("name=systemd") }, unified != nil) {
      case (false, false): .none
      case (true, false): .v1
      case (false, true): .v2
      case (true, true): .hybrid
      }
    return Result(version: version, controllers: controllers, folder: folder, devicePrograms: programs)
  }

  private func unifiedControllers(in folder: String) -> Set<Controller> {
    guard let text = root.text("\(folder)/cgroup.controllers") else { return [] }
    var controllers: Set<Controller> = [.cpuacct]
    for name in text.split(whereSeparator: \.isWhitespace) {
      let name = name == "io" ? "blkio" : String(name)
      if let controller = Controller(rawValue: name) { controllers.insert(controller) }
    }
    return controllers
  }

  private func countDevicePrograms(in folder: String) -> Swift.Result<Int, SystemError> {
    Swift.Result { () throws(SystemError) in
      Int(try checked(nestor_cgroup_device_programs(root.path(folder)), "BPF_PROG_QUERY \(folder)"))
    }
  }

  /// One line of /proc/self/cgroup: "4:memory:/user.slice" or "0::/user.slice".
  private struct Membership {
    let hierarchy: Int
    let controllers: [Substring]
    let path: Substring

    init?(_ line: Substring) {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, let hierarchy = Int(fields[0]) else { return nil }
      self.hierarchy = hierarchy
      controllers = fields[1].split(separator: ",")
      path = fields[2]
    }
  }
}
